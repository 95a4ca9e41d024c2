import { setTimeout as delay } from "node:timers/promises";
import { groupAddress } from "@presence/client-address";
import { redisForTests, waitUntil } from "@presence/testkit";
import { expect, it } from "vitest";
import { IS_FULL_LENGTH, onRedis, presenceCli, startApiProgram } from "./support/programs.ts";
import { accessLog, type LoggedVisit, visitsOf } from "./support/replayed-log.ts";
import { type CountBounds, type CountRead, createVisits } from "./support/visits.ts";

const WINDOW_SECONDS = 5;
const WINDOW_MS = WINDOW_SECONDS * 1_000;
const TOKEN = "admin-token-of-at-least-32-characters";

/** Two of the log's 84 hours, of each of which it holds one minute; all of them at full length. */
const LINES = IS_FULL_LENGTH ? 10_000 : 185;

/** A minute of the log is a window. After a pause longer than one nobody is left, however long it was. */
const REPLAY = { speedUp: 60 / WINDOW_SECONDS, longestPauseMs: WINDOW_MS + 500 };

/** So much of the log is sent before the traffic rests, in milliseconds of the replay. */
const PART_MS = 2_500;

it(
  "counts a real log's visitors: between those answered and those sent under traffic, exactly when it rests",
  { timeout: 2_000_000 },
  async () => {
    await using redis = await redisForTests();
    const env = { ...onRedis(redis), PRESENCE_WINDOW_SECONDS: String(WINDOW_SECONDS) };
    // Pruning is the operator's here, so that there is something left to prune.
    const { url } = await startApiProgram({ ...env, PRESENCE_JOBS: "off", PRESENCE_ADMIN_TOKENS: TOKEN });
    const log = accessLog(LINES);
    const visits = createVisits(url, WINDOW_MS);
    const seen = { readings: 0, atRest: 0, most: 0 };

    async function look(): Promise<CountRead & CountBounds> {
      const { count, asOf, stale } = (await (await fetch(`${url}/v1/online`)).json()) as {
        readonly count: number;
        readonly asOf: string;
        readonly stale: boolean;
      };
      const read = { count, asOfMs: Date.parse(asOf), answeredMs: Date.now() };
      const bounds = visits.boundsOf(read);
      expect(stale).toBe(false);
      expect(count).toBeGreaterThanOrEqual(bounds.least);
      expect(count).toBeLessThanOrEqual(bounds.most);
      seen.readings += 1;
      seen.most = Math.max(seen.most, count);
      return { ...read, ...bounds };
    }

    /** Sends these at their times and looks meanwhile; resolves when all are answered. */
    async function sendAll(part: readonly LoggedVisit[], startMs: number): Promise<void> {
      let isOver = false;
      const watching = (async () => {
        for (; !isOver; await delay(25)) await look();
      })();
      const sending: Promise<void>[] = [];
      for (const { address, atMs } of part) {
        const waitMs = startMs + atMs - performance.now();
        if (waitMs > 0) await delay(waitMs);
        sending.push(visits.send(address));
      }
      await Promise.all(sending);
      isOver = true;
      await watching;
    }

    let startMs = performance.now();
    for (const part of partsOf(visitsOf(log.lines, REPLAY))) {
      await sendAll(part, startMs);
      const restMs = performance.now();
      // At rest nobody's sighting is in doubt but for the moment it leaves the window: then the next look tells.
      const { count, least } = await waitUntil(
        async () => {
          const reading = await look();
          return reading.least === reading.most && reading;
        },
        { what: "an instant at which nobody is leaving" },
      );
      expect(count).toBe(least);
      seen.atRest += 1;
      startMs += performance.now() - restMs;
    }
    console.log(
      `${log.name}: ${visits.sent} requests, ${seen.readings} readings within their bounds, ` +
        `${seen.atRest} exact ones at rest, at most ${seen.most} online`,
    );

    // These stay while the command line is at work, however long it takes to start.
    const last = log.lines.slice(-60).map((line) => line.slice(0, line.indexOf(" ")));
    const staying = new Set(last.map((address) => groupAddress(address, 64)));
    let isAsked = false;
    const keepingUp = (async () => {
      for (; !isAsked; await delay(500)) await Promise.all([...new Set(last)].map(visits.send));
    })();
    const askedMs = Date.now();
    const list = ["list", "--all", "--format", "plain"];
    const lists = await Promise.all([
      presenceCli(list, env),
      presenceCli(list, { PRESENCE_URL: url, PRESENCE_TOKEN: TOKEN }),
    ]);
    isAsked = true;
    await keepingUp;
    for (const { code, stdout, stderr } of lists) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const listed = stdout.trimEnd().split("\n");
      expect(listed).toEqual(expect.arrayContaining([...staying]));
      expect([...visits.possibleAt(askedMs), ...staying]).toEqual(expect.arrayContaining(listed));
    }

    const expiredAtMs = Date.now() - WINDOW_MS;
    const expired = () => redis.client().zcount(redis.key, "-inf", expiredAtMs / 1_000);
    const waiting = await expired();
    expect(waiting).toBeGreaterThan(0);
    const prune = await presenceCli(["prune", "--format", "json"], env);
    expect(prune).toMatchObject({ code: 0, stderr: "" });
    const pruned = JSON.parse(prune.stdout) as { readonly removed: number };
    expect(pruned).toMatchObject({ invalid: 0, remaining: 0 });
    expect(pruned.removed).toBeGreaterThanOrEqual(waiting);
    expect(await expired()).toBe(0);
  },
);

/** Visits in parts of {@link PART_MS}, none empty. */
function partsOf(visits: readonly LoggedVisit[]): readonly (readonly LoggedVisit[])[] {
  const parts = Map.groupBy(visits, ({ atMs }) => Math.floor(atMs / PART_MS));
  return [...parts.values()];
}
