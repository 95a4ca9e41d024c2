import { afterEach, describe, expect, it } from "vitest";
import { type RedisCluster, startCluster, waitUntil } from "../src/index.ts";

describe("startCluster", () => {
  let cluster: RedisCluster | null = null;
  afterEach(async () => cluster?.stop());

  it("shares the slots among its masters", async () => {
    cluster = await startCluster({ masters: 3 });
    expect(cluster.url).toMatch(/^redis\+cluster:\/\/127\.0\.0\.1:\d+(?:,127\.0\.0\.1:\d+){2}$/);
    expect(await cluster.masters()).toHaveLength(3);
    const owners = new Set<number>();
    for (const slot of [0, 5_461, 5_462, 10_922, 10_923, 16_383]) {
      owners.add((await cluster.masterOf(slot)).port);
    }
    expect(owners.size).toBe(3);
    const client = cluster.client();
    for (let index = 0; index < 20; index++) await client.set(`key${index}`, index);
    expect(await client.get("key19")).toBe("19");
  });

  it("promotes a replica when a master is killed, and serves all slots again", async () => {
    cluster = await startCluster({ masters: 3, replicas: 1 });
    const client = cluster.client();
    await client.set("a", "1");
    const former = await cluster.masterOf(15_495);
    const [replica] = await cluster.replicasOf(former);
    await waitUntil(async () => (await replica?.client().dbsize()) === 1);
    await former.kill();
    await waitUntil(async () => (await cluster?.masterOf(15_495))?.port === replica?.port, {
      timeoutMs: 15_000,
    });
    await cluster.whenHealthy();
    await waitUntil(async () => (await client.get("a")) === "1");
    await former.restart();
    await waitUntil(async () => (await cluster?.replicasOf(replica ?? former))?.includes(former));
  }, 90_000);

  it("hands a master's slots over in order when asked to", async () => {
    cluster = await startCluster({ masters: 3, replicas: 1 });
    const former = await cluster.masterOf(0);
    const next = await cluster.failover(former);
    expect((await cluster.masterOf(0)).port).toBe(next.port);
    expect(next.port).not.toBe(former.port);
  }, 90_000);
});
