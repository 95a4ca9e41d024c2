import type { Fault, FaultProxy, RedisServer } from "@presence/testkit";

/** What stands between the API and its store, and the store itself. */
export interface Parts {
  readonly redis: RedisServer;
  readonly proxy: FaultProxy;
  /** A connection of the server's admin, which no fault ends. */
  readonly admin: ReturnType<RedisServer["client"]>;
}

/** A way in which a store can be lost. */
export interface OutageKind {
  readonly name: string;
  readonly begin: (parts: Parts, lengthMs: number) => Promise<unknown>;
  readonly end: (parts: Parts) => Promise<unknown>;
  /** Reads go on, and only what writes is refused. @default false */
  readonly isReadable?: boolean;
}

/** Every kind; each can be run alone: `npx pnpm@12 faults -t blackhole`. */
export const OUTAGE_KINDS: readonly OutageKind[] = [
  { name: "SIGKILL", begin: ({ redis }) => redis.kill(), end: ({ redis }) => redis.restart() },
  { name: "SIGSTOP", begin: ({ redis }) => redis.pause(), end: ({ redis }) => redis.resume() },
  throughProxy("reset", "reset"),
  throughProxy("blackhole", "blackhole"),
  throughProxy("latency of 2 s", { latencyMs: 2_000 }),
  throughProxy("slow drip", { dripBytesPerSecond: 20 }),
  throughProxy("cut answers", { cutAfterBytes: 40 }),
  throughProxy("LOADING", { answersError: "LOADING Redis is loading the dataset in memory" }),
  throughProxy("CLUSTERDOWN", { answersError: "CLUSTERDOWN The cluster is down" }),
  throughProxy("NOAUTH", { answersError: "NOAUTH Authentication required." }),
  {
    name: "CLIENT PAUSE",
    begin: ({ admin }, lengthMs) => admin.call("CLIENT", "PAUSE", lengthMs, "ALL"),
    // It ends by itself: a paused server takes no command that would end it.
    end: ({ admin }) => admin.ping(),
  },
  {
    name: "OOM",
    begin: ({ admin }) => admin.config("SET", "maxmemory", "1"),
    end: ({ admin }) => admin.config("SET", "maxmemory", "0"),
    isReadable: true,
  },
  {
    name: "READONLY",
    begin: ({ admin }) => admin.replicaof("127.0.0.1", "1"),
    end: ({ admin }) => admin.replicaof("NO", "ONE"),
    isReadable: true,
  },
];

function throughProxy(name: string, fault: Fault): OutageKind {
  return { name, begin: ({ proxy }) => proxy.mode(fault), end: ({ proxy }) => proxy.mode("pass") };
}
