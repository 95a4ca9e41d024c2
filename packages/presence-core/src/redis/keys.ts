import { DEFAULT_CHANNEL } from "../validate.ts";
import { shardTags } from "./slots.ts";

/** The names of all keys under one prefix. */
export interface RedisKeys {
  /** The sorted sets a channel's visitors are spread over, one per shard. */
  channel(name: string): readonly string[];
  /** Keys that nobody writes, at least one in the slots of every master that holds a sixteenth of them. */
  ofEveryMaster(): readonly string[];
  /** Hash: epoch, since, run, seen, layout, and a field per writer. */
  readonly state: string;
  /** Sorted set: channel -> unix seconds of its last write. */
  readonly channels: string;
  /** Hash: who follows a change of the number of shards, while there is one. */
  readonly layout: string;
  /** Hash: the last run of each job. */
  readonly jobs: string;
  /** Hash: the keys of hashed identity by UTC day. */
  readonly secret: string;
  /** String: whoever set it runs this slot of the job. */
  lock(job: string, slot: number): string;
  /** HyperLogLog: the distinct visitors of a channel on one day, `YYYY-MM-DD`. */
  uniques(channel: string, day: string): string;
}

/** In how many places of a cluster it is looked who serves there. */
const PROBED_SLOTS = 16;

/** Key names for a prefix (`onlines`) and a number of shards. */
export function createKeys(prefix: string, shards: number): RedisKeys {
  const tags = shards === 1 ? [] : shardTags(shards);
  const site = [prefix];
  const names = (name: string): readonly string[] => {
    if (shards > 1) return tags.map((tag) => `${prefix}:shard:{${tag}}:${name}`);
    return name === DEFAULT_CHANNEL ? site : [`${prefix}:channel:${name}`];
  };
  return {
    channel: names,
    ofEveryMaster: () => shardTags(Math.max(shards, PROBED_SLOTS)).map((tag) => `${prefix}:shard:{${tag}}`),
    state: `${prefix}:meta:state`,
    channels: `${prefix}:meta:channels`,
    layout: `${prefix}:meta:layout`,
    jobs: `${prefix}:meta:jobs`,
    secret: `${prefix}:meta:secret`,
    lock: (job, slot) => `${prefix}:meta:lock:${job}:${slot}`,
    uniques: (channel, day) => `${prefix}:meta:uniques:${day}:${channel}`,
  };
}
