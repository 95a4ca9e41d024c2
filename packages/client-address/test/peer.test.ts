import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request, type RequestOptions, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { peerOf } from "../src/index.ts";

describe("peerOf", () => {
  it("is the address of a TCP peer, and nobody once the connection is gone", async () => {
    const { server, peers } = await serve((listening) => listening.listen(0, "127.0.0.1"));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The server has no port.");
    for (const path of ["/", "/gone"]) await ask({ host: "127.0.0.1", port: address.port, path });
    expect(peers).toEqual(["127.0.0.1", undefined]);
  });

  it("is unix where the server listens on a Unix socket, even after the connection is gone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "presence-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const socketPath = join(folder, "http.sock");
    const { peers } = await serve((listening) => listening.listen(socketPath));
    for (const path of ["/", "/gone"]) await ask({ socketPath, path });
    expect(peers).toEqual(["unix", "unix"]);
  });

  it.each([{}, { remoteAddress: undefined }, { server: null }, { server: {} }, { server: { address: 1 } }])(
    "is nobody where nothing is known: %j",
    (socket) => {
      expect(peerOf(socket)).toBeUndefined();
    },
  );
});

/** A server that notes who its peers are; those of `/gone` only after their connection was destroyed. */
async function serve(
  listen: (server: Server) => Server,
): Promise<{ readonly server: Server; readonly peers: (string | undefined)[] }> {
  const peers: (string | undefined)[] = [];
  const server = createServer(({ socket, url }) => {
    if (url === "/gone") socket.destroy();
    peers.push(peerOf(socket));
    socket.destroy();
  });
  await new Promise<void>((resolve) => listen(server).once("listening", resolve));
  onTestFinished(() => {
    server.close();
  });
  return { server, peers };
}

/** Sends a request and waits for the connection's end. */
function ask(options: RequestOptions): Promise<void> {
  return new Promise((resolve) => {
    request({ ...options, agent: false })
      .once("error", () => resolve())
      .end();
  });
}
