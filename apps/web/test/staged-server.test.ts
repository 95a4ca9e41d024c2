import { ROUTES } from "@presence/api-contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ADMIN_TOKEN, everyFinding, ordinaryScene } from "./support/scene.ts";
import { type StagedServer, startStagedServer } from "./support/staged-server.ts";

let server: StagedServer;
beforeAll(async () => {
  server = await startStagedServer(ordinaryScene({ findings: everyFinding(), bots: 3 }));
});
afterAll(() => server.close());

const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
const post = (body: unknown): RequestInit => ({ method: "POST", headers, body: JSON.stringify(body) });

// What stands in for the server in these tests must say what the server would.
it.each([
  ["getOnline", "/v1/online", { headers }],
  ["listVisitors", "/v1/online/visitors?limit=5", { headers }],
  ["forgetVisitors", "/v1/online/forget", post({ visitors: ["198.51.100.0"] })],
  ["pruneVisitors", "/v1/online/prune", post({ dryRun: true })],
  ["listChannels", "/v1/channels?prefix=page:", { headers }],
  ["getHistory", "/v1/history?step=minute", { headers }],
  ["getPeaks", "/v1/peaks", { headers }],
  ["getUniques", "/v1/uniques?days=7", { headers }],
  ["resetPeak", "/v1/peaks?scope=allTime&reason=a+test", { method: "DELETE", headers }],
  ["getDiagnostics", "/v1/diagnostics", { headers }],
  ["getJobs", "/v1/jobs", { headers }],
] as const)("stages %s in the shape of the contract", async (operation, path, init) => {
  const response = await fetch(server.url + path, init);
  expect(response.status).toBe(200);
  expect(ROUTES[operation].answers[200].schema.safeParse(await response.json()).error).toBeUndefined();
});
