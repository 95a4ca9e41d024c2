import { createVisitorReader } from "@presence/client-address";
import {
  createRecorder,
  DEFAULT_WINDOW_SECONDS,
  isChannelName,
  type PresenceEvent as CoreEvent,
  withDeadline,
} from "@presence/core";
import type { Destination, Witnesses } from "./destination.ts";
import type { ServerOptions } from "./options.ts";
import { createServerCount } from "./server-count.ts";
import { createServerSink, sightingKey } from "./server-sink.ts";

/** Longest an orderly end waits for the server to take the last sightings, in milliseconds. */
const CLOSE_FLUSH_MS = 2_000;

/** Sightings go to a Presence server, in batches. */
export function openServerDestination(options: ServerOptions<never>, witnesses: Witnesses): Destination {
  const { url, ingestToken, readToken, windowSeconds = DEFAULT_WINDOW_SECONDS } = options;
  const { trustedProxies, clientHeader, ignore } = options;
  const { tally } = witnesses;
  const reader = createVisitorReader({
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(clientHeader === undefined ? {} : { header: clientHeader }),
    ...(ignore === undefined ? {} : { ignore }),
    // Whole addresses: which of them are one visitor is for the server to say.
    ipv6Prefix: 128,
  });
  const sink = createServerSink({ url, token: ingestToken, onRejected: (code) => tally.add(code, 1) });
  const recorder = createRecorder({
    ...options,
    sink,
    windowSeconds,
    // The server's own store has what it took.
    resendVisitors: 0,
    onEvent: (event) => hear(event, witnesses),
  });
  const count = createServerCount({ url, token: readToken, recorder, windowSeconds, nowMs: sink.nowMs });

  return {
    record(peer, headers, channels) {
      const reading = reader.ofRequest(peer, headers);
      if (reading.visitor === null) return reading.reason;
      const key = sightingKey(reading.visitor, headers["user-agent"]);
      const atMs = sink.nowMs();
      let refusal: string | null = null;
      for (const channel of channels)
        refusal = (isChannelName(channel) ? recorder.add(channel, key, atMs) : "channel") ?? refusal;
      return refusal;
    },
    count,
    pending: () => recorder.counters().pending,
    async close() {
      await withDeadline(recorder.flush(), CLOSE_FLUSH_MS, "the last flush").catch(() => {});
      recorder.stop();
    },
  };
}

function hear(event: CoreEvent, { health, tally }: Witnesses): void {
  switch (event.kind) {
    case "store-lost":
      return health.lost(event.error);
    case "flushed":
      return health.back();
    case "sightings-lost":
      return tally.add(event.reason, event.visitors);
    default:
  }
}
