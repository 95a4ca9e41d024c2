import { startLoad, startRedis } from "@presence/testkit";
import { processCpuMs } from "../harness/accounts.ts";
import { startServer, TOKEN } from "../harness/api.ts";
import { type Measured, ratioOf, spreadOf, valuesOf } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { PATIENCE_MS } from "../harness/patience.ts";
import type { Question } from "../harness/question.ts";
import { resultOf } from "../harness/results.ts";
import { percentileFigures } from "../harness/under-load.ts";
import { ipv4, seedVisitors } from "../harness/visitors.ts";
import { startKoa } from "../peers/apps.ts";

/** How long the server takes to say the number, beside a route that says a constant. */
export const http: Question = {
  name: "http",
  asks: "What does it take the server to answer the count of a million visitors and to record a request that is mirrored to it, beside a Koa route that answers a constant?",

  async answer({ rounds, isQuick, say }) {
    await using redis = await startRedis();
    // So that all of them are online until the last round.
    await using server = await startServer({ REDIS_URL: redis.url, PRESENCE_WINDOW_SECONDS: "600" });
    await using bare = await startKoa("bare", redis.url);
    const visitors = isQuick ? 10_000 : 1_000_000;
    await seedVisitors(redis, "onlines", visitors, Math.floor(Date.now() / 1_000) + 4);
    const shape = { ratePerSecond: isQuick ? 100 : 500, durationMs: isQuick ? 500 : 4_000 };
    const under =
      (url: string, pids: readonly number[], status = "200") =>
      async (): Promise<Measured> => {
        const before = await processCpuMs(pids);
        const load = await startLoad({ urls: [url], ...shape, timeoutMs: PATIENCE_MS });
        const [phase] = (await load.done).phases;
        const cpuMs = (await processCpuMs(pids)) - before;
        if (phase === undefined || phase.statuses[status] !== phase.sent)
          throw new Error(JSON.stringify(phase));
        return { "CPU ms per 1,000": cpuMs / (phase.sent / 1_000), ...percentileFigures(phase.latencyMs) };
      };
    const ofServer = [server.process.pid];
    const results = await interleave(
      [
        { name: "a constant", measure: under(bare.url, bare.pids) },
        { name: "GET /v1/online", measure: under(`${server.url}/v1/online`, ofServer) },
        { name: "GET /user/online/", measure: under(`${server.url}/user/online/`, ofServer) },
        { name: "ANY /mirror/", measure: under(`${server.url}/mirror/`, ofServer, "204") },
      ],
      {
        rounds,
        onMeasured: (name, round, figures) => say(`${round} ${name}: p99 ${figures["p99 ms"]} ms`),
      },
    );
    return {
      results,
      plotted: "p99 ms",
      budgets: [
        {
          what: "p99 of the count over HTTP, over a constant",
          bound: { atMost: 1.5 },
          measured: ratioOf(resultOf(results, "GET /v1/online"), resultOf(results, "a constant"), "p99 ms")
            .median,
          unit: "times",
        },
      ],
      notes: [`${visitors} visitors online, ${shape.ratePerSecond} requests a second at a fixed rate.`],
    };
  },
};

const ITEMS = 10_000;

/** How many sightings a second the server takes from others. */
export const sightings: Question = {
  name: "sightings",
  asks: "How many sightings a second does one server process take at POST /v1/sightings?",

  async answer({ rounds, isQuick, say }) {
    await using redis = await startRedis();
    await using server = await startServer({ REDIS_URL: redis.url });
    const requests = isQuick ? 2 : 40;
    const bodies = Array.from({ length: 4 }, (_, part) =>
      JSON.stringify({
        sightings: Array.from({ length: ITEMS }, (__, i) => ({ ip: ipv4(part * ITEMS + i) })),
      }),
    );
    const results = await interleave(
      [
        {
          name: "POST /v1/sightings",
          async measure() {
            const startedMs = performance.now();
            let next = 0;
            const sender = async (): Promise<void> => {
              while (next < requests) {
                const body = bodies[next % bodies.length] ?? "";
                next += 1;
                // oxlint-disable-next-line no-await-in-loop
                const answer = await fetch(`${server.url}/v1/sightings`, {
                  method: "POST",
                  headers: { "Content-Type": "application/json", Authorization: `Bearer ${TOKEN}` },
                  body,
                });
                // oxlint-disable-next-line no-await-in-loop
                const { accepted } = (await answer.json()) as { readonly accepted?: number };
                if (accepted !== ITEMS) throw new Error(`the server took ${String(accepted)} of ${ITEMS}`);
              }
            };
            await Promise.all([sender(), sender()]);
            return { "items/s": (requests * ITEMS) / ((performance.now() - startedMs) / 1_000) };
          },
        },
      ],
      {
        rounds,
        onMeasured: (name, round, figures) =>
          say(`${round} ${name}: ${Math.round(figures["items/s"] ?? 0)}/s`),
      },
    );
    return {
      results,
      plotted: "items/s",
      budgets: [
        {
          what: "sightings a second of a server process",
          bound: { atLeast: 200_000 },
          measured: spreadOf(valuesOf(resultOf(results, "POST /v1/sightings"), "items/s")).median,
          unit: "items/s",
        },
      ],
      notes: [`Requests of ${ITEMS} addresses, two at a time, from a client on the same machine.`],
    };
  },
};
