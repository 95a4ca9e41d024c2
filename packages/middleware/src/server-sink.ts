import { createPresenceClient } from "@presence/client";
import type { ChannelSightings, SightingSink } from "@presence/core";
import { createServerClock } from "./server-clock.ts";

/** Most sightings of one request; the server takes twice as many. */
const SIGHTINGS_PER_REQUEST = 5_000;

/** Longest part of a user agent that is sent. */
const USER_AGENT_LENGTH = 512;

/** Longest wait for the server's answer, in milliseconds: its own wait for its store is shorter. */
const ANSWER_MS = 5_000;

/** A sighting that is at most this old is sent without a time: the server's own is nearer the truth. */
const FRESH_MS = 1_000;

/** Options of {@link createServerSink}. */
export interface ServerSinkOptions {
  readonly url: string | URL;
  readonly token: string;
  /** Told the code of each sighting that the server does not take. */
  readonly onRejected: (code: string) => void;
}

interface Sighting {
  readonly ip: string;
  readonly channel: string;
  readonly at?: string;
  readonly userAgent?: string;
}

/** What waits under one key: an address with one user agent, by which the server tells bots. */
export function sightingKey(address: string, userAgent: string | undefined): string {
  return userAgent === undefined ? address : `${address} ${userAgent.slice(0, USER_AGENT_LENGTH)}`;
}

/** Sends sightings to `POST /v1/sightings`; their visitors are what {@link sightingKey} made. */
export function createServerSink({ url, token, onRejected }: ServerSinkOptions): SightingSink {
  const clock = createServerClock();
  const client = createPresenceClient({ url, token, timeoutMs: ANSWER_MS, fetch: clock.fetch });

  async function send(sightings: readonly Sighting[]): Promise<void> {
    const { rejected } = await client.sightings({ sightings });
    for (const { code } of rejected) onRejected(code);
  }

  return {
    nowMs: clock.nowMs,
    // Whether the server is there is found out by asking it.
    isReady: () => true,
    async record(channels) {
      const sightings = listed(channels, (atMs) =>
        clock.nowMs() - atMs <= FRESH_MS ? undefined : clock.serverTime(atMs),
      );
      for (let start = 0; start < sightings.length; start += SIGHTINGS_PER_REQUEST) {
        // One after the other: a server that cannot take the first is spared the rest.
        // oxlint-disable-next-line no-await-in-loop
        await send(sightings.slice(start, start + SIGHTINGS_PER_REQUEST));
      }
      return { epoch: null };
    },
  };
}

function listed(
  channels: ReadonlyMap<string, ChannelSightings>,
  timeOf: (atMs: number) => string | undefined,
): readonly Sighting[] {
  const sightings: Sighting[] = [];
  for (const [channel, ofChannel] of channels) {
    for (const [key, atMs] of ofChannel) {
      const space = key.indexOf(" ");
      const at = timeOf(atMs);
      sightings.push({
        ip: space === -1 ? key : key.slice(0, space),
        channel,
        ...(at === undefined ? {} : { at }),
        ...(space === -1 ? {} : { userAgent: key.slice(space + 1) }),
      });
    }
  }
  return sightings;
}
