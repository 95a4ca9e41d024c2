import type { RegisteredWriter, StoreState, WriterProfile } from "../types.ts";

/** A profile as the state hash keeps it. */
export function formatProfile({ identity, ipv6Prefix, windowSeconds, shards }: WriterProfile): string {
  return `${identity} ${ipv6Prefix} ${windowSeconds} ${shards}`;
}

/** A writer's field value, `"<seen ms> <identity> <prefix> <window> <shards>"`, back again. */
export function parseWriter(id: string, value: string): RegisteredWriter {
  const [seen = "0", identity = "ip", prefix = "64", window = "60", shards = "1"] = value.split(" ");
  return {
    id,
    identity: identity as RegisteredWriter["identity"],
    ipv6Prefix: Number(prefix),
    windowSeconds: Number(window),
    shards: Number(shards),
    seenMs: Number(seen),
  };
}

/** The register script's answer: epoch, since, the layout, then id and value of each writer. */
export function parseRegistration(answer: unknown): {
  readonly state: StoreState;
  readonly layout: string;
} {
  const [epoch = "", since = "0", layout = "", ...rest] = (answer as unknown[]).map(String);
  const writers: RegisteredWriter[] = [];
  for (let i = 0; i + 1 < rest.length; i += 2) writers.push(parseWriter(rest[i] ?? "", rest[i + 1] ?? ""));
  return { state: { epoch, sinceMs: Number(since), writers }, layout };
}

/** The state hash, read whole; `null` where it has no epoch. */
export function parseState(fields: Readonly<Record<string, string>>): StoreState | null {
  const { epoch, since } = fields;
  if (epoch === undefined || since === undefined) return null;
  const writers = Object.entries(fields)
    .filter(([field]) => field.startsWith("writer:"))
    .map(([field, value]) => parseWriter(field.slice("writer:".length), value));
  return { epoch, sinceMs: Number(since), writers };
}
