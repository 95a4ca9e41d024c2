import { connect, type Socket } from "node:net";
import { waitUntil } from "@presence/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ProbeServer, startProbeServer } from "../src/probe-server.ts";

const PATIENCE_MS = 30_000;

let server: ProbeServer;
let sockets: Socket[] = [];
beforeEach(async () => {
  server = await startProbeServer({
    host: "127.0.0.1",
    port: 0,
    readiness: () => ({ isReady: true, body: { status: "ready" } }),
  });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await server.close();
});

/** Sends `text`, and reads until the server closes. */
function send(text: string): { readonly socket: Socket; received: string; isClosed: boolean } {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const client = { socket, received: "", isClosed: false };
  const close = (): void => void (client.isClosed = true);
  socket.setEncoding("latin1").on("data", (part: string) => void (client.received += part));
  socket.on("end", close).on("close", close).on("error", close);
  if (text !== "") socket.write(text, "latin1");
  sockets.push(socket);
  return client;
}

const RUBBISH: Readonly<Record<string, string>> = {
  rubbish: "rubbish\r\n\r\n",
  "two lengths": "GET /live HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
  "a length and chunks":
    "GET /live HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
  "no host": "GET /live HTTP/1.1\r\n\r\n",
  "headers of 20 KB": `GET /live HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(20_000)}\r\n\r\n`,
  "another protocol": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "a broken URL": "GET http://[::1/live HTTP/1.1\r\nHost: x\r\n\r\n",
  "a tunnel": "CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
  "a path above all": "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
  "names of an object's own": "GET /__proto__?constructor HTTP/1.1\r\nHost: x\r\n\r\n",
};

describe("the probes of the scheduler", () => {
  it.each(Object.entries(RUBBISH))("refuse %s, and close", async (_name, text) => {
    const client = send(text);
    await waitUntil(() => client.isClosed, { timeoutMs: PATIENCE_MS });
    expect(client.received).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/);
    expect((await fetch(`${server.url}/live`)).status).toBe(200);
  });

  it("close connections that drip or say nothing", async () => {
    const silent = Array.from({ length: 50 }, () => send(""));
    const headers = Array.from({ length: 50 }, () => send("GET /live HTTP/1.1\r\nX-Drip: "));
    const bodies = Array.from({ length: 50 }, () =>
      send("POST /live HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"),
    );
    const all = [...silent, ...headers, ...bodies];
    await waitUntil(
      () => {
        for (const { socket, isClosed } of [...headers, ...bodies]) if (!isClosed) socket.write(" ");
        return all.every(({ isClosed }) => isClosed);
      },
      { everyMs: 250, timeoutMs: PATIENCE_MS, what: "the end of every connection" },
    );
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });

  it("answer though many asked before and keep their connections", async () => {
    const kept = Array.from({ length: 300 }, () => send("GET /live HTTP/1.1\r\nHost: x\r\n\r\n"));
    await waitUntil(() => kept.every(({ isClosed }) => isClosed), { timeoutMs: PATIENCE_MS });
    expect(kept.every(({ received }) => received.startsWith("HTTP/1.1 200 "))).toBe(true);
    expect((await fetch(`${server.url}/live`)).status).toBe(200);
  });
});
