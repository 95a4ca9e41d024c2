import {
  parseSighting,
  type ParsedSighting,
  type SightingRefusal,
  type SightingsAnswer,
} from "@presence/api-contract";
import type { NoVisitorReason, VisitorReader, VisitorReading } from "@presence/client-address";
import {
  BOTS_PREFIX,
  FUTURE_TOLERANCE_MS,
  PresenceError,
  type ChannelPolicy,
  type ChannelRefusal,
  type Presence,
} from "@presence/core";
import type { Tally } from "./diagnostics/tally.ts";

/** Options of {@link createIngest}. */
export interface IngestOptions {
  readonly presence: Presence;
  readonly reader: VisitorReader;
  readonly channels: ChannelPolicy;
  readonly tally: Tally;
  /** Most sightings on their way to the store; one request alone may bring more. */
  readonly maxWaiting: number;
}

/**
 * Writes sightings that others collected; resolves once the store has them.
 *
 * @throws {PresenceError} `PRESENCE_STORE_UNAVAILABLE`, `PRESENCE_STORE_REFUSED` or `PRESENCE_BUFFER_FULL`: nothing
 * is kept here, and sending all of it again is harmless.
 */
export type Ingest = (items: readonly unknown[]) => Promise<SightingsAnswer>;

const CODE_OF_CHANNEL: Readonly<Record<ChannelRefusal, SightingRefusal>> = {
  channel: "PRESENCE_INVALID_CHANNEL",
  "channel-not-allowed": "PRESENCE_CHANNEL_NOT_ALLOWED",
  "too-many-channels": "PRESENCE_TOO_MANY_CHANNELS",
};

const CODE_OF_NOBODY: Readonly<Record<Exclude<NoVisitorReason, "key">, SightingRefusal>> = {
  address: "PRESENCE_INVALID_ADDRESS",
  ignored: "PRESENCE_IGNORED",
  bot: "PRESENCE_IGNORED",
};

/** One request's sightings on their way to the store. */
interface Batch {
  readonly channels: Map<string, Map<string, number>>;
  readonly replaced: Map<string, Set<string>>;
}

/** Past what waits: that buffer answers before the store has anything. */
export function createIngest(options: IngestOptions): Ingest {
  const { presence, reader, channels, tally, maxWaiting } = options;
  const windowMs = presence.windowSeconds * 1_000;
  let waiting = 0;

  /** Puts one item into the batch; answers why not, or `null`. */
  function take(item: unknown, nowMs: number, batch: Batch): SightingRefusal | null {
    const reading = parseSighting(item);
    if (!reading.ok) return reading.code;
    const { channel, at, userAgent } = reading.sighting;
    const atMs = at === undefined ? nowMs : Date.parse(at);
    if (atMs > nowMs + FUTURE_TOLERANCE_MS) return "PRESENCE_TIME_IN_FUTURE";
    if (atMs <= nowMs - windowMs) return "PRESENCE_TIME_EXPIRED";
    const found = visitorOf(reading.sighting, userAgent);
    if (found.visitor === null) {
      if (found.reason !== "key") return CODE_OF_NOBODY[found.reason];
      throw new PresenceError("PRESENCE_STORE_UNAVAILABLE", "the key of hashed identity is not known yet");
    }
    const refusal = channels.admit(channel, nowMs);
    if (refusal !== null) return CODE_OF_CHANNEL[refusal];
    put(batch, found.isBot ? BOTS_PREFIX + channel : channel, found.visitor, atMs, found.replaces);
    return null;
  }

  function visitorOf(sighting: ParsedSighting, userAgent: string | undefined): VisitorReading {
    if (!("ip" in sighting)) return reader.ofVisitor(sighting.visitor, userAgent);
    const client = reader.clientAt(sighting.ip);
    const found = reader.ofClient(client, userAgent);
    if (found.visitor === null) tally.add(client, null, false, found.reason);
    else tally.add(client, found.visitor, found.isBot, null);
    return found;
  }

  return async (items) => {
    if (waiting > 0 && waiting + items.length > maxWaiting)
      throw new PresenceError("PRESENCE_BUFFER_FULL", "too many sightings are on their way to the store");
    const nowMs = presence.store.nowMs();
    const batch: Batch = { channels: new Map(), replaced: new Map() };
    const rejected: { readonly index: number; readonly code: SightingRefusal }[] = [];
    for (const [index, item] of items.entries()) {
      const code = take(item, nowMs, batch);
      if (code === null) continue;
      rejected.push({ index, code });
      tally.refuse(code);
    }
    const accepted = items.length - rejected.length;
    waiting += accepted;
    try {
      if (accepted > 0) await presence.write(batch.channels, batch.replaced);
    } finally {
      waiting -= accepted;
    }
    return { accepted, rejected };
  };
}

function put(
  { channels, replaced }: Batch,
  channel: string,
  visitor: string,
  atMs: number,
  replaces?: string,
): void {
  const sightings = getOrMake(channels, channel, () => new Map<string, number>());
  sightings.set(visitor, Math.max(Math.trunc(atMs), sightings.get(visitor) ?? 0));
  if (replaces !== undefined) getOrMake(replaced, channel, () => new Set<string>()).add(replaces);
}

function getOrMake<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
