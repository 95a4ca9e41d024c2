import { describe, expect, it } from "vitest";
import { createKeys } from "../../src/redis/keys.ts";
import { shardTags } from "../../src/redis/slots.ts";

// docs/redis-protocol.md: other programs write and read under these names.
describe("the names of keys", () => {
  it("are plain with one shard, so that one command of any language writes to them", () => {
    const keys = createKeys("onlines", 1);
    expect(keys.channel("site")).toEqual(["onlines"]);
    expect(keys.channel("page:/pricing")).toEqual(["onlines:channel:page:/pricing"]);
  });

  it("have a tag of its own for each of several shards, whatever the channel", () => {
    const keys = createKeys("onlines", 4);
    const tags = shardTags(4);
    expect(keys.channel("site")).toEqual(tags.map((tag) => `onlines:shard:{${tag}}:site`));
    expect(keys.channel("a")).toEqual(tags.map((tag) => `onlines:shard:{${tag}}:a`));
  });

  it("begin with the prefix, what is beside the visitors too", () => {
    const { state, channels, layout, jobs, secret, lock, uniques } = createKeys("mine", 1);
    expect({ state, channels, layout, jobs, secret }).toEqual({
      state: "mine:meta:state",
      channels: "mine:meta:channels",
      layout: "mine:meta:layout",
      jobs: "mine:meta:jobs",
      secret: "mine:meta:secret",
    });
    expect(lock("prune", 7)).toBe("mine:meta:lock:prune:7");
    expect(uniques("site", "2026-11-24")).toBe("mine:meta:uniques:2026-11-24:site");
  });

  it("ask every master with at least a sixteenth of the slots who it is", () => {
    const ofEveryMaster = (shards: number) => createKeys("onlines", shards).ofEveryMaster();
    expect(ofEveryMaster(1)).toEqual(shardTags(16).map((tag) => `onlines:shard:{${tag}}`));
    expect(ofEveryMaster(64)).toEqual(shardTags(64).map((tag) => `onlines:shard:{${tag}}`));
  });
});
