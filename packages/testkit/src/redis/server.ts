import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { Redis, type RedisOptions } from "ioredis";
import { type LocalCertificate, makeCertificate } from "../network/certificate.ts";
import { launchOnPort, type Launch } from "../process/launch-on-port.ts";
import { type ScratchFolder, scratchFolder } from "../process/scratch.ts";

/** Options of {@link startRedis}. */
export interface RedisServerOptions {
  /** @default a free one */
  readonly port?: number;
  /** Settings by their name in redis.conf, such as `{ "maxmemory-policy": "noeviction" }`. */
  readonly config?: Readonly<Record<string, string | number>>;
  /** Further arguments of the command line, after all others. */
  readonly args?: readonly string[];
  /** Keeps every write on disk, so that a kill and a restart lose nothing. @default false */
  readonly persist?: boolean;
  /** Speaks TLS and nothing else, by a certificate of its own: see {@link RedisServer.caFile}. @default false */
  readonly tls?: boolean;
}

/** A `redis-server` of one's own. */
export interface RedisServer extends AsyncDisposable {
  /** `redis://127.0.0.1:<port>`, `rediss://` with TLS. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Of the process that runs now; another one after {@link RedisServer.restart}. */
  readonly pid: number;
  /** Its folder: the same after a restart. */
  readonly folder: string;
  /** The certificate to trust, for `NODE_EXTRA_CA_CERTS` of a process; `null` without TLS. */
  readonly caFile: string | null;
  /** All it has logged. */
  readonly log: string;
  /** A fresh client, ended by {@link RedisServer.stop}. */
  client(options?: RedisClientOptions): Redis;
  /** Ends it and everything it kept. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): Promise<void>;
  /** Ends it if it runs, and starts it on the same port and folder, with more arguments if need be. */
  restart(moreArgs?: readonly string[]): Promise<void>;
}

/** Options of a client: ioredis' own, without the one that changes what answers look like. */
export type RedisClientOptions = Omit<RedisOptions, "replyMapping">;

const HOST = "127.0.0.1";

/**
 * Starts `redis-server` on a free port, in a folder of its own, without persistence, and waits until it answers.
 *
 * @example
 * await using redis = await startRedis();
 * await redis.client().set("a", "1");
 */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await scratchFolder("redis");
  const certificate = options.tls === true ? await makeCertificate(folder.path) : null;
  return serveRedis(
    folder,
    (moreArgs) => redisLaunch(folder.path, options, certificate, moreArgs),
    options.port ?? null,
    certificate,
  );
}

/** Starts what `launch` says in `folder`, and answers the handle a test holds it by. */
export async function serveRedis(
  folder: ScratchFolder,
  launch: (moreArgs: readonly string[]) => Launch,
  chosenPort: number | null,
  certificate: LocalCertificate | null = null,
): Promise<RedisServer> {
  const clients: Redis[] = [];
  let started = await launchOnPort(launch([]), chosenPort);
  let stopped: Promise<void> | null = null;
  const { port } = started;

  const stop = async (): Promise<void> => {
    for (const client of clients) client.disconnect();
    await started.server.kill();
    await folder.remove();
  };
  return {
    host: HOST,
    port,
    url: `${certificate === null ? "redis" : "rediss"}://${HOST}:${port}`,
    folder: folder.path,
    caFile: certificate?.certFile ?? null,
    get pid() {
      return started.server.pid;
    },
    get log() {
      return started.server.output;
    },
    client(clientOptions: RedisClientOptions = {}) {
      const tls = certificate === null ? {} : { tls: { ca: certificate.ca } };
      const client: Redis = new Redis(port, HOST, { ...tls, ...clientOptions });
      // A test sees a lost server by what its commands answer; without a listener ioredis writes to the console.
      client.on("error", () => {});
      clients.push(client);
      return client;
    },
    stop: () => (stopped ??= stop()),
    kill: async () => void (await started.server.kill()),
    pause: async () => started.server.signal("SIGSTOP"),
    resume: async () => started.server.signal("SIGCONT"),
    async restart(moreArgs = []) {
      started.server.signal("SIGCONT");
      await started.server.stop();
      started = await launchOnPort(launch(moreArgs), port);
    },
    [Symbol.asyncDispose]: () => (stopped ??= stop()),
  };
}

function redisLaunch(
  folder: string,
  options: RedisServerOptions,
  certificate: LocalCertificate | null,
  moreArgs: readonly string[],
): Launch {
  const persistence = options.persist === true ? ["yes", "--appendfsync", "always"] : ["no"];
  const fixed = ["--bind", HOST, "--dir", folder, "--save", "", "--appendonly", ...persistence];
  const settings = Object.entries(options.config ?? {}).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  return {
    command: "redis-server",
    args: (port) => [
      ...portArguments(port, certificate),
      ...fixed,
      ...settings,
      ...(options.args ?? []),
      ...moreArgs,
    ],
    isReady: (port) => answersPing(port, certificate),
  };
}

function portArguments(port: number, certificate: LocalCertificate | null): readonly string[] {
  if (certificate === null) return ["--port", String(port)];
  const { certFile, keyFile } = certificate;
  const files = ["--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certFile];
  return ["--port", "0", "--tls-port", String(port), ...files, "--tls-auth-clients", "no"];
}

/** Whether something on `port` speaks Redis and is past loading; a server that wants a password does. */
export async function answersPing(
  port: number,
  certificate: LocalCertificate | null = null,
): Promise<boolean> {
  const socket =
    certificate === null ? connect(port, HOST) : connectTls({ port, host: HOST, ca: certificate.ca });
  try {
    socket.setTimeout(1_000, () => socket.destroy(new Error("no answer within a second")));
    await once(socket, certificate === null ? "connect" : "secureConnect");
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data");
    return /^(?:\+PONG|-NOAUTH|-NOPERM)/.test(String(answer));
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
