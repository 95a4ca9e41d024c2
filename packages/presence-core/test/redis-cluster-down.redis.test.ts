import { startCluster } from "@presence/testkit";
import { expect, it, vi } from "vitest";
import { startSteadyCount } from "./support/steady-count.ts";

it(
  "CLUSTERDOWN: a cluster that lacks slots is a store that is away, and right again by itself",
  { timeout: 180_000 },
  async () => {
    await using cluster = await startCluster({ masters: 3 });
    const { visitors, watched, untilComplete } = await startSteadyCount({ url: cluster.url, key: "down" });

    const [victim, ...others] = await cluster.masters();
    if (victim === undefined) throw new Error("the cluster has no masters");
    // A store that is away is asked by the key of its state alone, which is on any of them.
    const clients = others.map((other) => other.client());
    const refusals = async (): Promise<number> => {
      const texts = await Promise.all(clients.map((client) => client.info("errorstats")));
      return texts.reduce(
        (sum, text) => sum + Number(/errorstat_CLUSTERDOWN:count=(\d+)/.exec(text)?.[1] ?? 0),
        0,
      );
    };
    await victim.kill();
    const killedMs = performance.now();
    await vi.waitFor(async () => expect(await refusals()).toBeGreaterThan(0), {
      timeout: 60_000,
      interval: 100,
    });
    await vi.waitFor(() => expect(watched.answers.at(-1)?.count?.stale ?? true).toBe(true), {
      timeout: 20_000,
    });

    await victim.restart();
    const backMs = performance.now();
    await vi.waitFor(() => expect(watched.firstFresh(backMs)).toBeDefined(), { timeout: 60_000 });
    const freshMs = (watched.firstFresh(backMs)?.atMs ?? Infinity) - backMs;
    await untilComplete();
    await watched.stop();
    const away = watched.answers.filter(({ atMs }) => atMs >= killedMs);
    console.log(
      `CLUSTERDOWN ${await refusals()} times at the others; of ${away.length} counts ` +
        `${away.filter(({ count }) => count?.stale === true).length} stale, ${away.filter(({ count }) => count === null).length} not answered; ` +
        `fresh ${Math.round(freshMs)} ms after the master's return`,
    );
    expect(away.filter(({ count }) => count?.complete === true && count.count < visitors)).toEqual([]);
  },
);
