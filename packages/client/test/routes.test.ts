import {
  type AnswerContract,
  openApiDocument,
  OPERATION_IDS,
  type OperationId,
  ROUTES,
  type RouteContract,
} from "@presence/api-contract";
import { describe, expect, it } from "vitest";
import { createPresenceClient, type PresenceClient } from "../src/index.ts";
import { json, plain, type Stage, startStagedServer } from "./support/staged-server.ts";

/** One call of every route, with everything it can be asked; the compiler names a route that has no method. */
const CALLS = {
  getUserOnline: (client) => client.userOnline(),
  getOnline: (client) => client.online({ channel: "page:/a%20b", window: 30 }),
  heartbeat: (client) => client.heartbeat({ channel: "page:/pricing" }),
  streamOnline: async (client) => {
    for await (const update of client.stream({ channel: "site" })) return update;
    return null;
  },
  recordSightings: (client) => client.sightings({ sightings: [{ ip: "203.0.113.9", channel: "site" }] }),
  listVisitors: (client) =>
    client.visitors({ channel: "site", limit: 1000, cursor: "made-by.a_server~", order: "oldest" }),
  forgetVisitors: (client) => client.forget({ visitors: ["203.0.113.9"], channel: "site" }),
  pruneVisitors: (client) =>
    client.prune({ channel: "site", olderThanSeconds: 60, maxMs: 8000, dryRun: true }),
  listChannels: (client) => client.channels({ prefix: "page:", limit: 10 }),
  getHistory: (client) =>
    client.history({ from: "2026-11-24T11:00:00Z", to: "2026-11-24T12:00:00Z", step: "minute" }),
  getPeaks: (client) => client.peaks({ channel: "site" }),
  resetPeak: (client) =>
    client.resetPeak({ channel: "site", scope: "allTime", reason: "ein Lasttest: 50 % & mehr" }),
  getUniques: (client) => client.uniques({ channel: "site", days: 7 }),
  getDiagnostics: (client) => client.diagnostics(),
  getJobs: (client) => client.jobs(),
  getLive: (client) => client.live(),
  getReady: (client) => client.ready(),
  getOpenApi: (client) => client.openApi(),
  getMetrics: (client) => client.metrics(),
} as const satisfies Record<OperationId, (client: PresenceClient) => Promise<unknown>>;

describe("createPresenceClient", () => {
  it.each(OPERATION_IDS)(
    "calls %s where the contract has it, with a query and a body it takes",
    async (id) => {
      const route: RouteContract = ROUTES[id];
      const server = await startStagedServer(stageOf(id));
      const client = createPresenceClient({ url: server.url, token: "t".repeat(32), userAgent: "test/1" });

      const answer = await CALLS[id](client);
      if (id === "streamOnline") expect(answer).toEqual({ event: "count", data: exampleOf("getOnline") });
      else expect(answer).toEqual(exampleOf(id));

      const [request] = server.received;
      expect(server.received).toHaveLength(1);
      expect(request).toMatchObject({ method: route.method, path: route.path });
      expect(request?.headers).toMatchObject({
        accept: route.answers[200]?.mediaType ?? "application/json",
        authorization: `Bearer ${"t".repeat(32)}`,
        "user-agent": "test/1",
      });
      if (route.query !== undefined) route.query.parse(request?.query);
      else expect(request?.query).toEqual({});
      if (route.body !== undefined) route.body.parse(JSON.parse(request?.body ?? ""));
      else expect(request?.body).toBe("");
    },
  );

  it.each(["", "/", "/presence", "/presence/"])("keeps the path %j of the server's address", async (path) => {
    const server = await startStagedServer(stageOf("getOnline"));
    await createPresenceClient({ url: `${server.url}${path}?x=1#y` }).online();
    expect(server.received[0]).toMatchObject({ path: `${path.replace(/\/$/, "")}/v1/online`, query: {} });
  });

  it("sends neither a token nor a user agent of its own where it has none", async () => {
    const server = await startStagedServer(stageOf("getOnline"));
    await createPresenceClient({ url: new URL(server.url) }).online();
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });

  it("sends a body and its type only where there is one", async () => {
    const server = await startStagedServer(json({ removed: 0, invalid: 0, remaining: 0, elapsedMs: 0 }));
    await createPresenceClient({ url: server.url }).prune();
    expect(server.received[0]).toMatchObject({ body: "{}", headers: { "content-type": "application/json" } });
  });

  it("takes the answer of a server that drains for what it is", async () => {
    const server = await startStagedServer(json({ status: "draining", store: "ok" }, 503));
    expect(await createPresenceClient({ url: server.url }).ready()).toEqual({
      status: "draining",
      store: "ok",
    });
  });
});

function stageOf(id: OperationId): Stage {
  const { mediaType }: AnswerContract = ROUTES[id].answers[200];
  return mediaType === undefined
    ? json(exampleOf(id))
    : plain(String(exampleOf(id)), 200, { "content-type": mediaType });
}

/** The answer the server gives; the contract shows only the first line of its document. */
function exampleOf(id: OperationId): unknown {
  if (id !== "getOpenApi") return ROUTES[id].answers[200].example;
  return JSON.parse(JSON.stringify(openApiDocument({ version: "1.2.3", serverUrl: "http://localhost" })));
}
