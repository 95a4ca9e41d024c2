import { createProblem, ROUTES } from "@presence/api-contract";
import { describe, expect, it } from "vitest";
import { backOff } from "../src/call.ts";
import { createPresenceClient, type PresenceClientOptions } from "../src/index.ts";
import { breakOff, json, plain, silence, type Stage, startStagedServer } from "./support/staged-server.ts";

const COUNT = ROUTES.getOnline.answers[200].example;
const OK = json(COUNT);
const QUICK = { retryBaseMs: 1, retryMaxMs: 2_000 };

describe("a read", () => {
  it.each([
    ["a broken connection", breakOff],
    ["429", plain("", 429)],
    ["502", plain("", 502)],
    ["503", plain("", 503)],
    ["503 as a problem", json(createProblem("PRESENCE_STORE_UNAVAILABLE", "x"), 503)],
    ["504", plain("", 504)],
  ] satisfies [string, Stage][])("is asked again after %s", async (_what, stage) => {
    const { client, server } = await stagedClient([stage, stage, OK]);
    expect(await client.online()).toEqual(COUNT);
    expect(server.received).toHaveLength(3);
  });

  it.each([
    ["400", plain("", 400)],
    ["401", plain("", 401)],
    ["404", plain("", 404)],
    ["500", plain("", 500)],
    ["501", plain("", 501)],
    ["a redirect", plain("", 307, { location: "/" })],
    ["no JSON", plain("x")],
    ["another shape", json({})],
  ] satisfies [string, Stage][])("is not asked again after %s", async (_what, stage) => {
    const { client, server } = await stagedClient([stage, OK]);
    await expect(client.online()).rejects.toThrow();
    expect(server.received).toHaveLength(1);
  });

  it("is asked again as often as said, and then the last failure is told", async () => {
    for (const retries of [0, 1, 4]) {
      const { client, server } = await stagedClient([plain("", 503)], { retries });
      await expect(client.online()).rejects.toMatchObject({ status: 503 });
      expect(server.received).toHaveLength(retries + 1);
    }
  });

  it.each([
    ["seconds", { "retry-after": "1" }],
    ["a date by the server's own clock", { date: ago(3_600_000), "retry-after": ago(3_600_000 - 1_000) }],
  ])("waits as long as Retry-After asks in %s", async (_unit, headers) => {
    const { client } = await stagedClient([plain("", 503, headers), OK]);
    const startedMs = performance.now();
    await client.online();
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
  });

  it.each(["-1", "1.5", "soon", "", "9999999999"])("does not wait for a Retry-After of %j", async (value) => {
    const { client, server } = await stagedClient([plain("", 503, { "retry-after": value }), OK]);
    await client.online();
    expect(server.received).toHaveLength(2);
  });

  it("is not asked again where it would wait too long, and tells how long that is", async () => {
    const { client, server } = await stagedClient([plain("", 503, { "retry-after": "3" }), OK]);
    await expect(client.online()).rejects.toMatchObject({ status: 503, retryAfterMs: 3_000 });
    expect(server.received).toHaveLength(1);
  });

  it("is not asked again where its time would run out meanwhile, and tells the failure, not the time", async () => {
    const { client } = await stagedClient([plain("", 503, { "retry-after": "2" }), OK]);
    const startedMs = performance.now();
    await expect(client.online({}, { timeoutMs: 1_900 })).rejects.toMatchObject({
      kind: "failed",
      status: 503,
    });
    expect(performance.now() - startedMs).toBeLessThan(1_900);
  });
});

describe("a write", () => {
  it.each(["forget", "prune", "heartbeat", "sightings", "resetPeak"] as const)(
    "is sent once: %s",
    async (verb) => {
      for (const stage of [breakOff, plain("", 503), plain("", 429)]) {
        const { client, server } = await stagedClient([stage, OK], { retries: 5 });
        const calls = {
          forget: () => client.forget({ visitors: ["a"] }),
          prune: () => client.prune(),
          heartbeat: () => client.heartbeat(),
          sightings: () => client.sightings({ sightings: [] }),
          resetPeak: () => client.resetPeak({ reason: "x" }),
        };
        await expect(calls[verb]()).rejects.toThrow();
        expect(server.received).toHaveLength(1);
      }
    },
  );
});

describe("a call", () => {
  it("ends after its time, wherever the server is slow", async () => {
    const inBody: Stage = (response) => response.writeHead(200).write("{");
    const inRefusal: Stage = (response) => response.writeHead(400).write("{");
    for (const stage of [silence, inBody, inRefusal]) {
      const { client, server } = await stagedClient([stage], { timeoutMs: 60 });
      await expect(client.online()).rejects.toMatchObject({
        kind: "timeout",
        code: "PRESENCE_CLIENT_TIMEOUT",
        message: `GET ${server.url}/v1/online gave no whole answer within 60 ms`,
      });
      await expect.poll(server.abandoned).toBe(1);
    }
  });

  it("has one time for all it is asked again, its own before the client's", async () => {
    const slowly: Stage = (response) => void setTimeout(() => response.writeHead(503).end(), 40);
    const { client, server } = await stagedClient([slowly], { retries: 1_000, timeoutMs: 60_000 });
    await expect(client.online({}, { timeoutMs: 200 })).rejects.toThrow();
    expect(server.received.length).toBeLessThanOrEqual(6);
  });

  it("gives a prune the time it asks the server to take, on top", async () => {
    const late: Stage = (response) =>
      void setTimeout(() => json(ROUTES.pruneVisitors.answers[200].example)(response, NO_REQUEST), 200);
    const { client } = await stagedClient([late], { timeoutMs: 100 });
    await expect(client.prune({ maxMs: 1_000 })).resolves.toBeDefined();
    await expect(client.prune({ maxMs: 1_000 }, { timeoutMs: 50 })).rejects.toMatchObject({
      kind: "timeout",
    });
  });

  it("ends with the reason of its signal: before it began, in flight, and while it waits", async () => {
    const reason = new Error("enough");
    const before = await stagedClient([OK]);
    await expect(before.client.online({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(before.server.received).toEqual([]);

    const inFlight = new AbortController();
    const asked = await stagedClient([() => inFlight.abort(reason)]);
    await expect(asked.client.online({}, { signal: inFlight.signal })).rejects.toBe(reason);
    await expect.poll(asked.server.abandoned).toBe(1);

    const whileWaiting = new AbortController();
    const waits = await stagedClient([
      (response, request) => {
        plain("", 503, { "retry-after": "2" })(response, request);
        setTimeout(() => whileWaiting.abort(reason), 20);
      },
    ]);
    await expect(waits.client.online({}, { signal: whileWaiting.signal })).rejects.toBe(reason);
    expect(waits.server.received).toHaveLength(1);
  });
});

describe("backOff", () => {
  it("doubles, up to its longest, cut by up to a half at random", () => {
    for (let tried = 0; tried < 20; tried += 1) {
      const whole = Math.min(2_000, 100 * 2 ** tried);
      const waits = Array.from({ length: 50 }, () => backOff(tried, { baseMs: 100, maxMs: 2_000 }));
      for (const wait of waits) expect(wait > whole / 2 && wait <= whole).toBe(true);
      expect(new Set(waits).size).toBeGreaterThan(1);
    }
  });
});

const NO_REQUEST = { method: "", path: "", query: {}, headers: {}, body: "" };

async function stagedClient(
  stages: readonly [Stage, ...Stage[]],
  options: Partial<PresenceClientOptions> = {},
) {
  const server = await startStagedServer(...stages);
  return { server, client: createPresenceClient({ url: server.url, ...QUICK, ...options }) };
}

/** An instant as HTTP writes it. */
function ago(ms: number): string {
  return new Date(Date.now() - ms).toUTCString();
}
