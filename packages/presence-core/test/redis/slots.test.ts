import { describe, expect, it } from "vitest";
import { shardOf, shardTags, slotOf } from "../../src/redis/slots.ts";

/** How many shards each of `masters` holds when slots are dealt as `redis-cli --cluster create` deals them. */
function shardsPerMaster(shards: number, masters: number): number[] {
  const held = Array.from({ length: masters }, () => 0);
  for (const tag of shardTags(shards)) {
    const master = Math.min(masters - 1, Math.floor(slotOf(tag) / (16_384 / masters)));
    held[master] = (held[master] ?? 0) + 1;
  }
  return held;
}

describe("hash slots", () => {
  // Values of CLUSTER KEYSLOT.
  it.each([
    ["123456789", 12_739],
    ["foo", 12_182],
    ["bar", 5_061],
    ["", 0],
  ])("puts %j into slot %i", (tag, slot) => {
    expect(slotOf(tag)).toBe(slot);
  });

  it.each([
    [16, 3, 1.25],
    [16, 5, 1.27],
    [16, 6, 1.25],
    [16, 16, 1.25],
    [64, 3, 1.25],
    [64, 5, 1.25],
    [64, 6, 1.25],
    [64, 16, 1.25],
  ])("spreads %i shards over %i masters, the heaviest at most %f times the mean", (shards, masters, most) => {
    const held = shardsPerMaster(shards, masters);
    expect(held.reduce((sum, n) => sum + n, 0)).toBe(shards);
    expect(Math.max(...held) / (shards / masters)).toBeLessThanOrEqual(most);
  });

  it("gives each shard a tag of its own", () => {
    expect(new Set(shardTags(64)).size).toBe(64);
  });

  // What is in a store is found again by these, whatever version wrote it.
  it("gives each shard the same tag for ever", () => {
    expect(shardTags(4)).toEqual(["5nw", "h85", "7l1", "b3k"]);
    expect(shardTags(16).slice(0, 4)).toEqual(["8yc", "mws", "pt6", "4x6"]);
  });

  // FNV-1a of "a" is 0xe40c292c, by its authors' test vectors.
  it.each([
    ["a", 16, ((0xe40c292c ^ (0xe40c292c >>> 15)) >>> 0) % 16],
    ["a", 64, 52],
    ["203.0.113.9", 16, 5],
    ["203.0.113.9", 64, 53],
    ["2001:db8:1:2::/64", 16, 1],
  ])("puts %s of %i shards into number %i for ever", (visitor, shards, shard) => {
    expect(shardOf(visitor, shards)).toBe(shard);
  });

  it.each([2, 16, 64])("spreads addresses evenly over %i shards", (shards) => {
    const held = Array.from({ length: shards }, () => 0);
    for (let i = 0; i < 100_000; i += 1) {
      const shard = shardOf(`203.0.${(i >> 8) & 255}.${i & 255}${i >> 16}`, shards);
      held[shard] = (held[shard] ?? 0) + 1;
    }
    expect(Math.max(...held) / (100_000 / shards)).toBeLessThan(1.15);
    expect(Math.min(...held) / (100_000 / shards)).toBeGreaterThan(0.85);
  });
});
