import type { SightingInput } from "@presence/api-contract";
import { isUnavailable, type PresenceClient } from "@presence/client";
import { canonicalAddress } from "@presence/client-address";
import { createRecorder, MAX_WINDOW_SECONDS, type SightingSink } from "@presence/core";
import type { CliConfig } from "../config.ts";
import type { Io } from "../io.ts";
import { connectApi } from "../source/api/connect.ts";
import type { ApiPlace } from "../source/place.ts";
import { BUFFER_VISITORS, type Destination, type DestinationOptions } from "./destination.ts";

/** Longest part of a user agent that the API looks at. */
const USER_AGENT_LENGTH = 512;

/** Longest wait for an answer, in milliseconds: the API itself waits for its store. */
const ANSWER_MS = 10_000;

/** Sightings go to `POST /v1/sightings` as addresses: which visitor each of them is, is for the API to say. */
export async function openApiDestination(
  place: ApiPlace,
  config: CliConfig,
  io: Pick<Io, "nowMs">,
  { channel, onRefused, onLost, onBack }: DestinationOptions,
): Promise<Destination> {
  const { client } = await connectApi(place, config);
  // A wrong token, and an API that is away, are told before anything is read.
  await client.sightings({ sightings: [] });
  const { expiredMs, aheadMs } = await readClock(client, channel, io);
  const nowMs = (): number => io.nowMs() + aheadMs;

  const sink: SightingSink = {
    nowMs,
    // Whether it is there is found out by asking it.
    isReady: () => true,
    async record(channels) {
      const sightings = [...(channels.get(channel) ?? [])].map(([key, atMs]) => inputOf(key, atMs, channel));
      const { rejected } = await client.sightings({ sightings }, { timeoutMs: ANSWER_MS });
      for (const { code } of rejected) onRefused(code, 1);
      return { epoch: null };
    },
  };
  const recorder = createRecorder({
    sink,
    // What is too old by the time it is sent is for the API to say.
    windowSeconds: MAX_WINDOW_SECONDS,
    bufferVisitors: BUFFER_VISITORS,
    // What it took is for its own store to keep.
    resendVisitors: 0,
    onEvent(event) {
      if (event.kind === "store-lost") onLost(event.error);
      if (event.kind === "flushed") onBack();
      if (event.kind === "sightings-lost") onRefused(event.reason, event.visitors);
    },
  });

  return {
    needsUserAgents: true,
    refusalOf: (atMs) => (atMs <= expiredMs ? "expired" : null),
    record({ address, userAgent, atMs }) {
      const canonical = canonicalAddress(address);
      if (canonical === null) return "address";
      return recorder.add(channel, keyOf(canonical, userAgent), Math.trunc(atMs ?? nowMs()));
    },
    pending: () => recorder.counters().pending,
    flush: () => recorder.flush(),
    async close() {
      recorder.stop();
    },
  };
}

/** What waits as one: an address with one user agent, by which the API tells bots. */
function keyOf(address: string, userAgent: string | undefined): string {
  return userAgent === undefined ? address : `${address} ${userAgent.slice(0, USER_AGENT_LENGTH)}`;
}

function inputOf(key: string, atMs: number, channel: string): SightingInput {
  const space = key.indexOf(" ");
  const at = new Date(atMs).toISOString();
  if (space === -1) return { ip: key, channel, at };
  return { ip: key.slice(0, space), channel, at, userAgent: key.slice(space + 1) };
}

/** How far the API's clock is ahead, and what is expired there by now; nothing where its count is not public. */
async function readClock(
  client: PresenceClient,
  channel: string,
  io: Pick<Io, "nowMs">,
): Promise<{ readonly expiredMs: number; readonly aheadMs: number }> {
  try {
    const { asOf, windowSeconds, ageMs } = await client.online({ channel });
    const asOfMs = Date.parse(asOf);
    return { expiredMs: asOfMs - windowSeconds * 1_000, aheadMs: asOfMs + ageMs - io.nowMs() };
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return { expiredMs: Number.NEGATIVE_INFINITY, aheadMs: 0 };
  }
}
