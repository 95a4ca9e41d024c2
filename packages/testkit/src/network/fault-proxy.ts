import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { type Fault, faultSwitch } from "./fault.ts";
import { freePort } from "./free-port.ts";
import { shape, stamp } from "./shape.ts";

/** Options of {@link startFaultProxy}. */
export interface FaultProxyOptions {
  readonly targetPort: number;
  /** @default "127.0.0.1" */
  readonly targetHost?: string;
}

/** A TCP proxy that does to a connection what networks do. */
export interface FaultProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Open connections of clients. */
  readonly connections: number;
  /** `<scheme>://127.0.0.1:<port>` @default scheme "redis" */
  url(scheme?: string): string;
  /** Puts a fault into force, for open connections and new ones; `pass` heals. */
  mode(fault: Fault): Promise<void>;
  /** Resets every connection and stops listening. Idempotent. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/**
 * Starts a proxy to a local server that passes everything, until told otherwise.
 *
 * @example
 * await using proxy = await startFaultProxy({ targetPort: redis.port });
 * await proxy.mode("blackhole");
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { targetPort, targetHost = HOST } = options;
  const faults = faultSwitch();
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  const port = await freePort();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (faults.fault === "reset") {
      client.resetAndDestroy();
      return;
    }
    const target = connect({ port: targetPort, host: targetHost, allowHalfOpen: true, noDelay: true });
    track(client, clients);
    for (const socket of [client, target]) track(socket, sockets);
    void carry(client, target);
  });

  async function carry(client: Socket, target: Socket): Promise<void> {
    // Later than what was let through: a reset takes back what is not sent yet.
    const cut = (): void => void setImmediate(() => client.resetAndDestroy());
    const actions = { cut, reply: (text: string): void => void client.write(text) };
    await Promise.allSettled([
      pipeline(client, stamp(), shape("question", faults, actions), target),
      pipeline(target, stamp(), shape("answer", faults, actions), client),
    ]);
    // A server that is away is away for its client: a reset, as the system would send.
    client.resetAndDestroy();
    target.destroy();
  }

  async function listen(): Promise<void> {
    server.listen({ port, host: HOST, backlog: 4_096 });
    await once(server, "listening");
  }

  async function stopListening(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  }

  await listen();
  const close = async (): Promise<void> => {
    await stopListening();
    faults.turn("pass");
  };
  let closed: Promise<void> | null = null;
  return {
    host: HOST,
    port,
    get connections() {
      return clients.size;
    },
    url: (scheme = "redis") => `${scheme}://${HOST}:${port}`,
    async mode(fault) {
      faults.turn(fault);
      if (fault === "refuse") await stopListening();
      else if (!server.listening) await listen();
      if (fault === "reset") for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () => (closed ??= close()),
    [Symbol.asyncDispose]: () => (closed ??= close()),
  };
}

function track(socket: Socket, set: Set<Socket>): void {
  set.add(socket);
  socket.once("close", () => set.delete(socket));
  // The pipelines report it; without a listener it would end the process.
  socket.on("error", () => {});
}
