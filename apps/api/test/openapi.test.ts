import { machineRoutes, openApiDocument, OPERATION_IDS, ROUTES } from "@presence/api-contract";
import { describe, expect, it } from "vitest";
import { createRoutes } from "../src/routes/index.ts";
import { ADMIN_TOKEN, answerOf, bearer, startTestApi } from "./support/api.ts";

/** Pages and files, which are for people and not in the document. */
const BESIDE_THE_DOCUMENT = [
  "/",
  "/dashboard",
  String(/^\/dashboard\/.*$/),
  "/demo",
  "/favicon.ico",
  "/widget.js",
].toSorted();

describe("the routes", () => {
  it("answer every operation of the document", async () => {
    const api = await startTestApi({
      env: { PRESENCE_METRICS_TOKEN: "metrics-token-of-at-least-32-characters" },
    });
    const missing: string[] = [];
    for (const operationId of OPERATION_IDS) {
      const { method, path } = ROUTES[operationId];
      const leave = new AbortController();
      const headers = bearer(ADMIN_TOKEN);
      const { status } = await api.get(path, { method, headers, signal: leave.signal });
      leave.abort();
      if (status === 404 || status === 405) missing.push(operationId);
    }
    expect(missing).toEqual([]);
  });

  it("are all in the document, but for pages and files", async () => {
    const { deps } = await startTestApi();
    const documented: readonly string[] = OPERATION_IDS.map((operationId) => ROUTES[operationId].path);
    const others = createRoutes(deps)
      .stack.map(({ path }) => String(path))
      .filter((path) => !documented.includes(path) && !documented.includes(`${path}/`));
    expect([...new Set(others)].toSorted()).toEqual(BESIDE_THE_DOCUMENT);
  });
});

describe("GET /openapi.json", () => {
  it("is the document of the contract, for this server", async () => {
    const api = await startTestApi({ env: { PRESENCE_PUBLIC_URL: "https://presence.example.com" } });
    const answer = await api.get("/openapi.json");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(await answerOf(answer, machineRoutes.getOpenApi)).toEqual(
      JSON.parse(
        JSON.stringify(openApiDocument({ version: "0.1.0", serverUrl: "https://presence.example.com" })),
      ),
    );
  });

  it("is relative to its own address where PRESENCE_PUBLIC_URL is unset", async () => {
    const api = await startTestApi();
    const { servers } = await answerOf(await api.get("/openapi.json"), machineRoutes.getOpenApi);
    expect(servers).toEqual([{ url: "/" }]);
  });
});
