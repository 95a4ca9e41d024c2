import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { visitorRoutes } from "@presence/api-contract";
import { waitUntil } from "@presence/testkit";
import { ADMIN_TOKEN, bearer, problemOf, startTestApi, type TestApi } from "./support/api.ts";

const PRUNE = "/v1/online/prune";
const contract = visitorRoutes.pruneVisitors;

function send(
  api: TestApi,
  body: RequestInit["body"],
  headers: Record<string, string> = {},
): Promise<Response> {
  return api.get(PRUNE, {
    method: "POST",
    ...(body === undefined ? {} : { body }),
    headers: { "Content-Type": "application/json", ...bearer(ADMIN_TOKEN), ...headers },
  });
}

describe("bodies", () => {
  it.each(["{", "", "nope", '{"channel":}', "\u0000", "{} {}"])(
    "answers 400 to %j, which is no JSON",
    async (body) => {
      const api = await startTestApi();
      const answer = await send(api, body === "" ? " " : body);
      expect(await problemOf(answer, contract)).toMatchObject({ status: 400, code: "PRESENCE_INVALID_JSON" });
    },
  );

  it("answers 400 to a body that is not UTF-8", async () => {
    const api = await startTestApi();
    const answer = await send(api, new Uint8Array([0x22, 0xff, 0xfe, 0x22]));
    expect(await problemOf(answer, contract)).toMatchObject({ status: 400, code: "PRESENCE_INVALID_JSON" });
  });

  it.each(["[]", "null", "1", '"text"', "true"])("answers 400 to %s, which is no object", async (body) => {
    const api = await startTestApi();
    expect(await problemOf(await send(api, body), contract)).toMatchObject({
      status: 400,
      code: "PRESENCE_INVALID_REQUEST",
    });
  });

  it("answers 413 to a body of 1 MB, whether it says so or not, and goes on serving", async () => {
    const api = await startTestApi();
    const large = JSON.stringify({ channel: "x".repeat(1_000_000) });
    expect(await problemOf(await send(api, large), contract)).toMatchObject({
      status: 413,
      code: "PRESENCE_BODY_TOO_LARGE",
    });
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let chunk = 0; chunk < 16; chunk++) controller.enqueue(new Uint8Array(65_536).fill(0x20));
        controller.close();
      },
    });
    const streamed = await api.get(PRUNE, {
      method: "POST",
      body: chunks,
      duplex: "half",
      headers: { "Content-Type": "application/json", ...bearer(ADMIN_TOKEN) },
    });
    expect((await problemOf(streamed, contract)).status).toBe(413);
    expect((await send(api, "{}")).status).toBe(200);
  });

  it("answers 415 to a compressed body rather than unpacking it", async () => {
    const api = await startTestApi();
    expect((await problemOf(await send(api, "{}", { "Content-Encoding": "gzip" }), contract)).status).toBe(
      415,
    );
  });

  it("takes names of an object's own for unknown fields, not for a prototype", async () => {
    const api = await startTestApi();
    for (const body of [
      '{"__proto__":{"dryRun":true}}',
      '{"constructor":{"prototype":{}}}',
      '{"toString":1}',
    ]) {
      expect((await problemOf(await send(api, body), contract)).status).toBe(400);
    }
    expect("dryRun" in {}).toBe(false);
  });

  it("asks for the token before it reads the body", async () => {
    const api = await startTestApi();
    const answer = await send(api, "{", { Authorization: "Bearer wrong" });
    expect((await problemOf(answer, contract)).status).toBe(401);
  });

  it("survives a client that goes away in the middle of its body", async () => {
    const api = await startTestApi();
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.write(`POST ${PRUNE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\n`);
    socket.write("Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    socket.end();
    await waitUntil(() => api.log().includes(`"path":"${PRUNE}"`), { what: "the request's line in the log" });
    socket.destroy();
    expect(api.log()).not.toContain('"level":"error"');
    expect((await send(api, "{}")).status).toBe(200);
  });
});

describe("methods", () => {
  it.each([
    ["/v1/online", "POST", "GET, HEAD, OPTIONS"],
    ["/v1/online/prune", "GET", "POST, OPTIONS"],
    ["/user/online/", "DELETE", "GET, HEAD, OPTIONS"],
    ["/", "POST", "GET, HEAD, OPTIONS"],
    ["/v1/online", "PROPFIND", "GET, HEAD, OPTIONS"],
  ])("answers %s %s with 405 and what it takes", async (path, method, allow) => {
    const api = await startTestApi();
    const answer = await api.get(path, { method });
    expect(answer.headers.get("allow")).toBe(allow);
    expect(await problemOf(answer)).toMatchObject({ status: 405, code: "PRESENCE_METHOD_NOT_ALLOWED" });
    expect(await api.num()).toBe(0);
  });

  it("answers OPTIONS with what a path takes", async () => {
    const api = await startTestApi();
    const answer = await api.get("/v1/online", { method: "OPTIONS" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
  });
});

describe("every answer", () => {
  it.each(["/", "/shop", "/v1/online", "/live", "/mirror/x", "/v1/online/visitors"])(
    "of %s carries the security headers",
    async (path) => {
      const api = await startTestApi();
      const { headers } = await api.get(path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.has("x-powered-by")).toBe(false);
    },
  );

  it("shows nothing of the inside when something unexpected happens, and logs its stack", async () => {
    const api = await startTestApi();
    Object.assign(api.deps.presence, {
      count: () => Promise.reject(new TypeError("a secret of the inside")),
    });
    const answer = await api.get("/v1/online");
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({ status: 500, code: "PRESENCE_INTERNAL" });
    expect(JSON.stringify(problem)).not.toContain("secret of the inside");
    expect(api.log()).toMatch(/"level":"error".*secret of the inside.*bodies\.test\.ts/);
  });
});
