import { connectRedisStore, type RedisStore } from "@presence/core/redis";
import {
  type FaultProxy,
  type RedisServer,
  scratchFolder,
  startCluster,
  startFaultProxy,
  startRedis,
  waitUntil,
} from "@presence/testkit";
import { type PresenceProcess, startPresenceProcess } from "./process.ts";
import { PROCESSES, type StoreKind } from "./operations.ts";

/** Servers that last for many sequences, and processes that use them. */
export interface World extends AsyncDisposable {
  readonly kind: Ground["kind"];
  readonly processes: PresenceProcess[];
  /** A connection of the operator's own, which no fault meets. */
  readonly operator: RedisStore;
  readonly historyPath: string;
  /** Opens all of them on keys nobody has used. */
  begin(shards: number): Promise<void>;
  /** Takes the place of a process with a new one, which has opened nothing. */
  replace(process: number): Promise<void>;
  /** Opens a store and a presence in a process. */
  open(process: number, shards: number): Promise<void>;
  /** What happens to the way between a process and its store. */
  readonly network: {
    away(process: number, fault: Parameters<FaultProxy["mode"]>[0]): Promise<void>;
    back(process: number): Promise<void>;
    cut(process: number): Promise<void>;
  };
  lose(how: "flush" | "restart"): Promise<void>;
}

/** What a world stands on. */
interface Ground {
  readonly kind: Omit<StoreKind, "canBreak">;
  /** Where a process finds the store. */
  readonly urls: readonly string[];
  readonly operatorUrl: string;
  readonly network: World["network"];
  readonly lose: World["lose"];
  stop(): Promise<void>;
}

/** One server, each process behind a proxy of its own. */
export async function startStandalone(): Promise<Ground> {
  const redis = await startRedis();
  const admin = redis.client({ maxRetriesPerRequest: null });
  const proxies = await Promise.all(
    Array.from({ length: PROCESSES }, () => startFaultProxy({ targetPort: redis.port })),
  );
  const mode = async (process: number, fault: Parameters<FaultProxy["mode"]>[0]) =>
    proxies[process]?.mode(fault);
  return {
    kind: { hasProxies: true, canLose: true },
    urls: proxies.map((proxy) => proxy.url()),
    operatorUrl: redis.url,
    network: {
      away: mode,
      back: (process) => mode(process, "pass"),
      async cut(process) {
        await mode(process, "reset");
        await mode(process, "pass");
      },
    },
    async lose(how) {
      if (how === "flush") await admin.flushall();
      else {
        await redis.kill();
        await redis.restart();
      }
    },
    async stop() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await redis.stop();
    },
  };
}

/** Three masters, all reached by all processes. */
export async function startClustered(): Promise<Ground> {
  const cluster = await startCluster({ masters: 3 });
  const admins = cluster.nodes.map((node: RedisServer) => node.client());
  // A user of its own, by which its connections are told from those of the processes.
  for (const admin of admins)
    await admin.acl("SETUSER", "operator", "on", "nopass", "allkeys", "allchannels", "allcommands");
  return {
    kind: { hasProxies: false, canLose: false },
    urls: Array.from({ length: PROCESSES }, () => cluster.url),
    operatorUrl: cluster.url.replace("://", "://operator:any@"),
    network: {
      away: async () => {},
      back: async () => {},
      // Those of all processes to one of the masters.
      cut: async (process) =>
        void (await admins[process]?.call("CLIENT", "KILL", "TYPE", "normal", "USER", "default")),
    },
    lose: async () => {},
    stop: () => cluster.stop(),
  };
}

let keys = 0;

/** Processes on fresh keys, all of which count as recording for longer than a window. */
export async function createWorld(ground: Ground): Promise<World> {
  const folder = await scratchFolder("interleaving");
  const processes = Array.from({ length: PROCESSES }, startPresenceProcess);
  let operator: RedisStore | null = null;
  let key = "";
  let historyPath = "";
  const world: World = {
    kind: ground.kind,
    processes,
    network: ground.network,
    async lose(how) {
      await ground.lose(how);
      await world.operator.whenReady(20_000);
    },
    get operator() {
      if (operator === null) throw new Error("nothing is open");
      return operator;
    },
    get historyPath() {
      return historyPath;
    },
    async replace(process) {
      await processes[process]?.kill();
      processes[process] = startPresenceProcess();
    },
    async open(process, shards) {
      const url = ground.urls[process] ?? "";
      // A store that is just coming back takes a moment.
      await waitUntil(async () => processes[process]?.ask("open", { url, key, shards, historyPath }), {
        timeoutMs: 60_000,
        what: "a process to open its store",
      });
    },
    async begin(shards: number) {
      await operator?.close();
      keys += 1;
      key = `interleaving${keys}`;
      historyPath = `${folder.path}/${key}.sqlite`;
      operator = connectRedisStore({ url: ground.operatorUrl, key, shards });
      await operator.whenReady(20_000);
      // One that an earlier sequence has ended would end every later one.
      for (const [process, { isRunning }] of processes.entries())
        if (!isRunning) await world.replace(process);
      await Promise.all(processes.map((_, process) => world.open(process, shards)));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map((process) => process.kill()));
      await operator?.close();
      await ground.stop();
      await folder.remove();
    },
  };
  return world;
}
