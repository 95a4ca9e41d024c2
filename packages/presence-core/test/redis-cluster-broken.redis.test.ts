import { Cluster } from "ioredis";
import { startCluster } from "@presence/testkit";
import { expect, it, vi } from "vitest";
import { onlineBounds } from "../src/index.ts";
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
