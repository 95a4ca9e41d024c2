import { once } from "node:events";
import { Agent, createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What a site was asked. */
export interface SeenRequest {
  readonly path: string;
  readonly cookie: string | undefined;
  readonly body: string;
}

/** A web site that knows nothing of Presence. */
export interface Site extends AsyncDisposable {
  readonly port: number;
  readonly seen: readonly SeenRequest[];
}

/** Answers `the site` to everything. */
export async function startSite(): Promise<Site> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.on("data", (part: Buffer) => (body += part.toString()));
    incoming.on("end", () => {
      seen.push({ path: incoming.url ?? "", cookie: incoming.headers.cookie, body });
      outgoing.end("the site");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A request of somebody's browser. */
export interface Visit {
  readonly port: number;
  /** @default "/" */
  readonly path?: string;
  /** @default "GET" */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Where it comes from: an address of loopback. @default 127.0.0.1 */
  readonly from?: string;
  /** @default a connection of its own */
  readonly agent?: Agent;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends a request from an address of one's choice, which `fetch` cannot. */
export function visit(options: Visit): Promise<Answer> {
  const { port, path = "/", method = "GET", headers = {}, body = "", from, agent = false } = options;
  return new Promise((resolve, reject) => {
    const where = { host: "127.0.0.1", port, path, method, headers, agent };
    const outgoing = request(from === undefined ? where : { ...where, localAddress: from });
    outgoing.on("error", reject).on("response", (incoming: IncomingMessage) => {
      let text = "";
      incoming.on("data", (part: Buffer) => (text += part.toString()));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    if (body !== "") outgoing.write(body);
    outgoing.end();
  });
}

/** One of 32,000 addresses of loopback. */
export function loopbackAddress(index: number): string {
  return `127.${1 + (index >> 14)}.${(index >> 7) & 127}.${1 + (index & 127)}`;
}

/** Connections that stay open, one at a time. */
export function oneConnection(): Agent & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return Object.assign(agent, { [Symbol.dispose]: () => agent.destroy() });
}
