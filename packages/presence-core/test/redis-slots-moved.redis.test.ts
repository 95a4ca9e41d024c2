import { type RedisCluster, startCluster } from "@presence/testkit";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import type { PresenceEvent } from "../src/index.ts";
import { slotOf } from "../src/redis.ts";
import { startSteadyCount } from "./support/steady-count.ts";

/** How long a slot stays half moved: a few flushes and reads. */
const HALFWAY_MS = 150;

/** How often each node has answered that a key is elsewhere. */
async function redirections(
  cluster: RedisCluster,
): Promise<{ readonly moved: number; readonly ask: number }> {
  const texts = await Promise.all(cluster.nodes.map((node) => node.client().info("errorstats")));
  const sum = (code: string): number =>
    texts.reduce(
      (total, text) => total + Number(new RegExp(`errorstat_${code}:count=(\\d+)`).exec(text)?.[1] ?? 0),
      0,
    );
  return { moved: sum("MOVED"), ask: sum("ASK") };
}

it(
  "slots that move to other masters under traffic lose nobody, and no count is silently lower",
  { timeout: 240_000 },
  async () => {
    await using cluster = await startCluster({ masters: 3 });
    const events: PresenceEvent[] = [];
    const { store, visitors, watched, untilComplete } = await startSteadyCount({
      url: cluster.url,
      key: "moving",
      onEvent: (event) => events.push(event),
    });

    const before = await redirections(cluster);
    const movedFromMs = performance.now();
    const slots = new Set(
      [...store.keys.channel("site"), store.keys.state, store.keys.channels].map(keySlot),
    );
    for (const slot of slots) {
      const masters = await cluster.masters();
      const from = await cluster.masterOf(slot);
      const to = masters[(masters.findIndex(({ port }) => port === from.port) + 1) % masters.length] ?? from;
      await cluster.moveSlot(slot, to, () => delay(HALFWAY_MS));
    }
    const movedMs = performance.now() - movedFromMs;
    const after = await redirections(cluster);
    await untilComplete();
    await watched.stop();
    const whileMoving = watched.answers.filter(({ atMs }) => atMs >= movedFromMs);
    const unanswered = whileMoving.filter(({ count }) => count === null).length;
    const stale = whileMoving.filter(({ count }) => count?.stale === true).length;
    console.log(
      `${slots.size} slots moved in ${(movedMs / 1_000).toFixed(1)} s: ${after.moved - before.moved} times MOVED, ${after.ask - before.ask} times ASK; ` +
        `of ${whileMoving.length} counts ${stale} stale, ${unanswered} not answered; ` +
        `${events.filter(({ kind }) => kind === "sightings-lost").length} times sightings lost`,
    );
    expect(after.moved - before.moved).toBeGreaterThan(0);
    expect(after.ask - before.ask).toBeGreaterThan(0);
    const silentlyLow = whileMoving.filter(({ count }) => count?.complete === true && count.count < visitors);
    expect(silentlyLow).toEqual([]);
    expect(events.filter(({ kind }) => kind === "sightings-lost")).toEqual([]);
  },
);

/** The slot of a key: that of its tag where it has one. */
function keySlot(key: string): number {
  return slotOf(/\{([^}]+)\}/.exec(key)?.[1] ?? key);
}
