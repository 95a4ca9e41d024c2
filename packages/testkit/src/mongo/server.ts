import { MongoClient } from "mongodb";
import { launchOnPort, type Launch } from "../process/launch-on-port.ts";
import { onPath } from "../process/on-path.ts";
import { scratchFolder } from "../process/scratch.ts";
import { ferretdbProgram } from "./ferretdb.ts";

/** A MongoDB-protocol server of one's own. */
export interface MongoServer extends AsyncDisposable {
  /** `mongodb://127.0.0.1:<port>/` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Of the process that runs now; another one after {@link MongoServer.restart}. */
  readonly pid: number;
  /** Which program serves: FerretDB lacks partial indexes, TTL indexes, time series and most accumulators. */
  readonly program: "mongod" | "ferretdb";
  /** All it has logged. */
  readonly log: string;
  /** Url of a database nobody has used: `mongodb://127.0.0.1:<port>/<name>`. */
  freshDatabase(): string;
  /** Ends it and everything it kept. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL. What was acknowledged is there after a restart. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): Promise<void>;
  /** Ends it if it runs, and starts it on the same port and folder. */
  restart(): Promise<void>;
}

const HOST = "127.0.0.1";

/**
 * Starts `mongod` where it is on the path, else FerretDB over SQLite files, built once by the Go toolchain.
 *
 * @example
 * await using mongo = await startMongo();
 * const client = await new MongoClient(mongo.freshDatabase()).connect();
 */
export async function startMongo(): Promise<MongoServer> {
  const folder = await scratchFolder("mongo");
  const mongod = onPath("mongod");
  const launch =
    mongod === null
      ? ferretdbLaunch(await ferretdbProgram(), folder.path)
      : mongodLaunch(mongod, folder.path);
  let { server, port } = await launchOnPort(launch, null);
  let stopped: Promise<void> | null = null;
  let databases = 0;

  const stop = async (): Promise<void> => {
    await server.kill();
    await folder.remove();
  };
  return {
    host: HOST,
    port,
    url: `mongodb://${HOST}:${port}/`,
    program: mongod === null ? "ferretdb" : "mongod",
    get pid() {
      return server.pid;
    },
    get log() {
      return server.output;
    },
    freshDatabase: () => `mongodb://${HOST}:${port}/test${++databases}`,
    stop: () => (stopped ??= stop()),
    kill: async () => void (await server.kill()),
    pause: async () => server.signal("SIGSTOP"),
    resume: async () => server.signal("SIGCONT"),
    async restart() {
      server.signal("SIGCONT");
      await server.stop();
      ({ server } = await launchOnPort(launch, port));
    },
    [Symbol.asyncDispose]: () => (stopped ??= stop()),
  };
}

function mongodLaunch(command: string, folder: string): Launch {
  return {
    command,
    args: (port) => ["--port", String(port), "--bind_ip", HOST, "--dbpath", folder, "--quiet"],
    isReady: answersMongo,
  };
}

function ferretdbLaunch(command: string, folder: string): Launch {
  return { command, args: (port) => [`${HOST}:${port}`, folder], isReady: answersMongo };
}

async function answersMongo(port: number): Promise<boolean> {
  const client = new MongoClient(`mongodb://${HOST}:${port}/`, { serverSelectionTimeoutMS: 500 });
  try {
    await client.db("admin").command({ ping: 1 });
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
