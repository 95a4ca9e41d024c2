/** Hash slots of a Redis Cluster (cluster specification, "Key distribution model"). */
const SLOTS = 16_384;

/** CRC16-CCITT (XModem), as the cluster specification names it: polynomial 0x1021, initial value 0. */
function crc16(text: string): number {
  let crc = 0;
  for (let i = 0; i < text.length; i += 1) {
    crc ^= text.charCodeAt(i) << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc;
}

/** The slot a hash tag puts its keys into, 0 to 16,383. */
export function slotOf(tag: string): number {
  return crc16(tag) % SLOTS;
}

/**
 * One hash tag per shard, so that shard `i` of `n` lies at the middle of the i-th of n equal parts of all slots.
 * Masters that own equal runs of slots, as `redis-cli --cluster create` deals them, then hold equal numbers of
 * shards, to one. Short tags that number the shards would leave masters empty: `{0}` to `{7}` miss one of five.
 */
export function shardTags(shards: number): readonly string[] {
  const wanted = new Map<number, number>();
  for (let i = 0; i < shards; i += 1) wanted.set(Math.floor(((i + 0.5) * SLOTS) / shards), i);
  const tags: string[] = Array.from({ length: shards }, () => "");
  for (let candidate = 0; wanted.size > 0; candidate += 1) {
    const tag = candidate.toString(36);
    const slot = slotOf(tag);
    const shard = wanted.get(slot);
    if (shard === undefined) continue;
    tags[shard] = tag;
    wanted.delete(slot);
  }
  return tags;
}

/**
 * Which of `shards` holds `visitor`, 0 to shards - 1. FNV-1a over the text (Fowler, Noll, Vo; 32 bits, offset
 * basis 2166136261, prime 16777619), folded so that the low bits take part.
 */
export function shardOf(visitor: string, shards: number): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < visitor.length; i += 1) hash = Math.imul(hash ^ visitor.charCodeAt(i), 16_777_619);
  return ((hash ^ (hash >>> 15)) >>> 0) % shards;
}
