import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { setImmediate as breathe } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { startServer } from "../src/server.ts";
import { ListenError } from "../src/server/listen.ts";
import { waitUntil } from "@presence/testkit";
import { startTestApi, type TestApi } from "./support/api.ts";

interface RawClient {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: Promise<unknown>;
}

async function rawClient(api: TestApi): Promise<RawClient> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let received = "";
  socket.on("data", (chunk: Buffer) => void (received += chunk.toString())).on("error", () => {});
  const closed = once(socket, "close");
  await once(socket, "connect");
  return { socket, received: () => received, closed };
}

describe("slow and broken clients", () => {
  it("closes a connection whose headers do not come, with 408", async () => {
    const api = await startTestApi({ limits: { headersMs: 1_000 } });
    const { socket, received, closed } = await rawClient(api);
    socket.write("GET / HTTP/1.1\r\nX-Drip: ");
    const drip = setInterval(() => socket.write("a"), 50);
    onTestFinished(() => clearInterval(drip));
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
    expect(received()).toContain("PRESENCE_REQUEST_TIMEOUT");
    expect(await api.num()).toBe(0);
  });

  it("answers who sent in time, though the process stood still for longer than a client may take", async () => {
    const api = await startTestApi({ limits: { headersMs: 300 } });
    const { socket, received } = await rawClient(api);
    const other = await rawClient(api);
    other.socket.write("GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
    // The server has taken both connections once it answers the second one.
    await waitUntil(() => other.received() !== "", { what: "an answer" });
    // Behind what reads sockets and ahead of what judges connections, in the loop's order.
    await breathe();
    socket.write("GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_600);
    await waitUntil(() => received() !== "", { what: "an answer" });
    expect(received()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("answers 431 to headers of more than 8 KB", async () => {
    const api = await startTestApi();
    const answer = await rawClient(api);
    answer.socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${"a".repeat(9_000)}\r\n\r\n`);
    await answer.closed;
    expect(answer.received()).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer.received()).toContain("PRESENCE_HEADERS_TOO_LARGE");
    expect(answer.received()).toContain("X-Content-Type-Options: nosniff");
  });

  it.each([
    "nonsense\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
  ])("answers 400 to %j and closes", async (text) => {
    const api = await startTestApi();
    const client = await rawClient(api);
    client.socket.write(text);
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 400 /);
    expect(client.received()).toContain("application/problem+json");
  });

  it("takes no more connections than it may have", async () => {
    const api = await startTestApi({ limits: { maxConnections: 2 } });
    await rawClient(api);
    await rawClient(api);
    const third = await rawClient(api);
    await third.closed;
    expect(third.received()).toBe("");
  });
});

describe("an orderly end", () => {
  it("finishes the request under way and takes no new one", async () => {
    const handling = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const server = await startServer(
      ({ url }, response) => {
        if (url !== "/slow") return void response.end("done");
        handling.resolve();
        void finish.promise.then(() => response.end("done"));
      },
      { host: "127.0.0.1", port: 0, limits: { quietMs: 0 } },
    );
    const answer = fetch(`${server.url}/slow`);
    await handling.promise;
    const closed = server.close();
    await waitUntil(
      () =>
        fetch(server.url).then(
          () => false,
          () => true,
        ),
      { what: "refused connections" },
    );
    finish.resolve();
    expect(await (await answer).text()).toBe("done");
    await closed;
    await server.close();
  });

  it("answers those who still ask, and takes leave of each connection with its answer", async () => {
    const handling = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const server = await startServer(
      (_request, response) => {
        handling.resolve();
        void finish.promise.then(() => response.end("done"));
      },
      { host: "127.0.0.1", port: 0 },
    );
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const first = ask(server.url, agent);
    await handling.promise;
    const closed = server.close();
    const second = ask(server.url, agent);
    finish.resolve();
    expect(await first).toBe("keep-alive");
    expect(await second).toBe("close");
    await closed;
  });

  it("does not wait for idle connections, nor for ever for a request that never ends", async () => {
    const handling = Promise.withResolvers<void>();
    const server = await startServer(() => handling.resolve(), {
      host: "127.0.0.1",
      port: 0,
      limits: { drainMs: 100 },
    });
    const answer = fetch(server.url).catch(() => "cut off");
    await handling.promise;
    await server.close();
    expect(await answer).toBe("cut off");
  });
});

/** What an answer says of its connection. */
async function ask(url: string, agent: Agent): Promise<string | undefined> {
  const [response] = (await once(get(url, { agent }), "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.headers.connection;
}

describe("addresses that cannot be had", () => {
  it("says that a port is in use and what to do", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const starting = startServer(() => {}, { host: "127.0.0.1", port });
    await expect(starting).rejects.toThrow(ListenError);
    await expect(starting).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
  });

  it("says that a host is none of this machine", async () => {
    await expect(startServer(() => {}, { host: "192.0.2.1", port: 0 })).rejects.toThrow(
      "no address of this machine",
    );
  });
});
