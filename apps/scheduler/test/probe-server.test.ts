import { afterEach, describe, expect, it } from "vitest";
import { ListenError, type ProbeServer, startProbeServer } from "../src/probe-server.ts";

describe("startProbeServer", () => {
  let server: ProbeServer | null = null;
  let isReady = false;
  const start = async (port = 0): Promise<ProbeServer> =>
    startProbeServer({
      host: "127.0.0.1",
      port,
      readiness: () => ({ isReady, body: { status: isReady ? "ready" : "starting" } }),
    });
  afterEach(async () => server?.close());

  it("answers that it lives, and whether it is ready", async () => {
    server = await start();
    const ready = async (): Promise<unknown[]> => {
      const answer = await fetch(`${server?.url}/ready?now`);
      return [answer.status, await answer.json()];
    };
    expect(await (await fetch(`${server.url}/live`)).json()).toEqual({ status: "live" });
    expect(await ready()).toEqual([503, { status: "starting" }]);
    isReady = true;
    expect(await ready()).toEqual([200, { status: "ready" }]);
  });

  it("has nothing else, and takes no other method", async () => {
    server = await start();
    const nothing = await fetch(`${server.url}/metrics`);
    expect([nothing.status, nothing.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    const post = await fetch(`${server.url}/ready`, { method: "POST", body: "x" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("says which port is in use", async () => {
    server = await start();
    const port = Number(new URL(server.url).port);
    await expect(start(port)).rejects.toThrow(ListenError);
    await expect(start(port)).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
  });

  it("closes while a connection is open", async () => {
    server = await start();
    await fetch(`${server.url}/live`);
    await server.close();
    await server.close();
    await expect(fetch(`${server.url}/live`)).rejects.toThrow();
  });
});
