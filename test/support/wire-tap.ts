import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** Stands between a client and a server, and writes down what the client says. */
export interface WireTap extends AsyncDisposable {
  readonly port: number;
  /** Everything clients have sent, byte by byte as Latin-1. */
  readonly heard: string;
}

/** Listens on a port of its own for who would talk to `targetPort`. */
export async function startWireTap(targetPort: number): Promise<WireTap> {
  let heard = "";
  const server = createServer((client) => {
    const target = connect(targetPort, "127.0.0.1");
    client.on("data", (bytes) => (heard += bytes.toString("latin1")));
    client.pipe(target).pipe(client);
    for (const socket of [client, target]) {
      socket.on("error", () => {
        client.destroy();
        target.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get heard() {
      return heard;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await Promise.resolve();
    },
  };
}
