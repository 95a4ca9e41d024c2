import { createServer, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { freePort, startLoad, waitUntil } from "../src/index.ts";

describe("startLoad", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    const port = await freePort();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${port}`;
  }

  it("begins requests at its rate, from as many addresses as it was told, and counts the answers", async () => {
    const seen = new Map<string, number>();
    const url = await serve((request, response) => {
      const visitor = String(request.headers["x-forwarded-for"]);
      seen.set(visitor, (seen.get(visitor) ?? 0) + 1);
      response.statusCode = request.url === "/a?b" ? 204 : 500;
      response.end();
    });
    const load = await startLoad({
      urls: [`${url}/a?b`],
      ratePerSecond: 500,
      durationMs: 1_000,
      visitors: 50,
      order: "cycle",
    });
    const { phases, elapsedMs } = await load.done;
    expect(phases).toMatchObject([
      { phase: "start", sent: 500, answered: 500, statuses: { 204: 500 }, errors: {}, visitorsAnswered: 50 },
    ]);
    expect(new Set(seen.values())).toEqual(new Set([10]));
    expect(elapsedMs).toBeGreaterThanOrEqual(1_000);
  });

  it("sends a body, and reads answers with a length, in chunks, and the last of a connection", async () => {
    let count = 0;
    const url = await serve((request, response) => {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        count += 1;
        if (count % 3 === 0) response.setHeader("Connection", "close");
        if (count % 2 === 0) response.write("in ");
        response.statusCode = body === '{"channel":"ä"}' && request.method === "POST" ? 200 : 400;
        response.end("chunks");
      });
    });
    const load = await startLoad({
      urls: [url],
      ratePerSecond: 200,
      durationMs: 300,
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: '{"channel":"ä"}',
    });
    const [phase] = (await load.done).phases;
    expect(phase?.answered).toBe(60);
    expect(Object.keys(phase?.statuses ?? {}).filter((status) => status !== "200")).toEqual([]);
  });

  it("counts a stall in full: requests that should have begun meanwhile are late too", async () => {
    let stallUntilMs = 0;
    const url = await serve((_request, response) => {
      const waitMs = stallUntilMs - performance.now();
      setTimeout(() => response.end("ok"), Math.max(0, waitMs));
    });
    const load = await startLoad({ urls: [url], ratePerSecond: 200, connections: 4 });
    load.phase("stall");
    stallUntilMs = performance.now() + 500;
    await waitUntil(() => performance.now() > stallUntilMs);
    const { phases } = await load.stop();
    const stall = phases.find(({ phase }) => phase === "stall");
    expect(stall?.answered).toBe(stall?.sent);
    expect(stall?.latencyMs.max).toBeGreaterThan(400);
    // Four connections stalled; the others' latency shows only when it is measured from when they were due.
    expect(stall?.latencyMs.p50).toBeGreaterThan(150);
  });

  it("names what stood in the way of an answer", async () => {
    const port = await freePort();
    const refused = await startLoad({
      urls: [`http://127.0.0.1:${port}`],
      ratePerSecond: 100,
      durationMs: 200,
    });
    expect((await refused.done).phases).toMatchObject([{ answered: 0, errors: { ECONNREFUSED: 20 } }]);
    const silent = await serve(() => {});
    const late = await startLoad({ urls: [silent], ratePerSecond: 100, durationMs: 200, timeoutMs: 100 });
    expect((await late.done).phases).toMatchObject([{ answered: 0, errors: { timeout: 20 } }]);
  });

  it("refuses to put anybody else's server under load", async () => {
    await expect(startLoad({ urls: ["http://192.0.2.1/"], ratePerSecond: 1 })).rejects.toThrow(
      "no http: address of this machine",
    );
  });
});
