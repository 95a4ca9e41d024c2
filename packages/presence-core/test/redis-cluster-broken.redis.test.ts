import { Cluster } from "ioredis";
import { startCluster } from "@presence/testkit";
import { expect, it, vi } from "vitest";
import { onlineBounds } from "../src/index.ts";
import { slotOf } from "../src/redis.ts";
import { freshStore } from "./support/redis.ts";

// Repeated by the client a moment later, a write would come behind a read that was sent after it.
it("a cluster's connection that breaks fails what was under way, which is not repeated, and is made anew", async () => {
  await using cluster = await startCluster({ masters: 3 });
  const store = await freshStore(cluster);
  const { client } = store;
  if (!(client instanceof Cluster)) throw new Error("it is a cluster");
  const counting = store.count("site", onlineBounds(store.nowMs(), 60));
  for (const node of client.nodes("all")) node.stream.destroy();
  await expect(counting).rejects.toMatchObject({ code: "PRESENCE_STORE_UNAVAILABLE" });
  await vi.waitFor(() => store.count("site", onlineBounds(store.nowMs(), 60)), {
    timeout: 20_000,
    interval: 50,
  });
  await store.close();
});

it("a command that a cluster without all of its slots refuses is refused once, and not repeated", async () => {
  await using cluster = await startCluster({ masters: 3 });
  const store = await freshStore(cluster);
  const { client } = store;
  if (!(client instanceof Cluster)) throw new Error("it is a cluster");
  const key = "written";
  const server = (await cluster.masterOf(slotOf(key))).client();
  const other = slotOf("nobody's");
  const owner = (await cluster.masterOf(other)).client();
  await owner.cluster("DELSLOTS", other);
  if (owner.options.port !== server.options.port) await server.cluster("DELSLOTS", other);
  await vi.waitFor(async () => expect(await server.cluster("INFO")).toContain("cluster_state:fail"), {
    timeout: 20_000,
    interval: 50,
  });
  await expect(client.zadd(key, 1, "somebody")).rejects.toThrow(/^CLUSTERDOWN/);
  expect(await server.info("commandstats")).toMatch(/cmdstat_zadd:.*rejected_calls=1,/);
  await store.close();
});
