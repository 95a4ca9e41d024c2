import { Cluster } from "ioredis";
import { freePort } from "../network/free-port.ts";
import { waitUntil } from "../process/wait-until.ts";
import { askOnce, type NodeLine, parseNodes } from "./cluster-nodes.ts";
import { type RedisServer, type RedisServerOptions, startRedis } from "./server.ts";

/** Options of {@link startCluster}. */
export interface ClusterOptions {
  /** @default 3 */
  readonly masters?: number;
  /** Replicas of each master. @default 0 */
  readonly replicas?: number;
  /** Without an answer for this long a node is down, in milliseconds. @default 2000 */
  readonly nodeTimeoutMs?: number;
  /** Settings of every node. */
  readonly config?: RedisServerOptions["config"];
}

/** A Redis Cluster of one's own. */
export interface RedisCluster extends AsyncDisposable {
  /** `redis+cluster://127.0.0.1:<port>,…` of all nodes. */
  readonly url: string;
  /** All nodes, whichever of them are masters now. */
  readonly nodes: readonly RedisServer[];
  /** The nodes that are masters now and not down, by the word of one that answers. */
  masters(): Promise<readonly RedisServer[]>;
  /** The master that serves a slot now. */
  masterOf(slot: number): Promise<RedisServer>;
  /** Replicas of a master, down or not. */
  replicasOf(master: RedisServer): Promise<readonly RedisServer[]>;
  /** Hands a master's slots to one of its replicas in order (`CLUSTER FAILOVER`), and answers that one. */
  failover(master: RedisServer): Promise<RedisServer>;
  /**
   * Moves a slot with its keys to another master, as a cluster is reshaped: until it is done clients are answered
   * `ASK`, and `MOVED` after. `halfway` runs once every other key of the slot has moved.
   */
  moveSlot(slot: number, to: RedisServer, halfway?: () => Promise<unknown>): Promise<void>;
  /** Waits until every node that answers says that all slots are served. */
  whenHealthy(timeoutMs?: number): Promise<void>;
  /** A client, ended by {@link RedisCluster.stop}. */
  client(): Cluster;
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
const SLOTS = 16_384;

/** Starts a cluster whose masters share the slots evenly, and waits until it serves all of them. */
export async function startCluster(options: ClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, replicas = 0, nodeTimeoutMs = 2_000, config = {} } = options;
  const nodes: RedisServer[] = [];
  const clients: Cluster[] = [];
  const stopAll = async (): Promise<void> => {
    for (const client of clients) client.disconnect();
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (let index = 0; index < masters * (1 + replicas); index++) {
      nodes.push(await startNode({ ...config, "cluster-node-timeout": nodeTimeoutMs }));
    }
    await shareSlots(nodes.slice(0, masters));
    await introduce(nodes);
    await healthy(nodes, 30_000);
    await Promise.all(
      nodes.slice(masters).map(async (replica, index) => follow(replica, nodes[index % masters])),
    );
    await agreeOnReplicas(nodes, masters * replicas);
    return handle(nodes, clients, stopAll);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function handle(
  nodes: readonly RedisServer[],
  clients: Cluster[],
  stopAll: () => Promise<void>,
): RedisCluster {
  async function lines(): Promise<readonly NodeLine[]> {
    for (const node of nodes) {
      const text = await askOnce(node, "NODES").catch(() => null);
      if (text !== null) return parseNodes(text);
    }
    throw new Error("no node of the cluster answers");
  }
  const byPort = (port: number | undefined): RedisServer | undefined =>
    nodes.find((node) => node.port === port);

  async function masterLines(): Promise<readonly NodeLine[]> {
    return (await lines()).filter(({ isMaster, isDown }) => isMaster && !isDown);
  }

  async function replicasOf(master: RedisServer): Promise<readonly RedisServer[]> {
    const all = await lines();
    const id = all.find(({ port }) => port === master.port)?.id;
    return all.filter(({ masterId }) => masterId === id).flatMap(({ port }) => byPort(port) ?? []);
  }

  async function masterOf(slot: number): Promise<RedisServer> {
    const serving = (await masterLines()).find(({ slots }) =>
      slots.some(([first, last]) => slot >= first && slot <= last),
    );
    const node = byPort(serving?.port);
    if (node === undefined) throw new Error(`nobody serves slot ${slot}`);
    return node;
  }

  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= stopAll());
  return {
    url: `redis+cluster://${nodes.map(({ port }) => `${HOST}:${port}`).join(",")}`,
    nodes,
    masters: async () => (await masterLines()).flatMap(({ port }) => byPort(port) ?? []),
    masterOf,
    async moveSlot(slot, to, halfway) {
      const from = await masterOf(slot);
      if (from.port === to.port) return;
      await moveSlot(slot, from, to, halfway);
      for (const master of await this.masters())
        await askOnce(master, "SETSLOT", slot, "NODE", await idOf(to));
    },
    replicasOf,
    async failover(master) {
      const [replica] = await replicasOf(master);
      if (replica === undefined) throw new Error(`the master on port ${master.port} has no replica`);
      await askOnce(replica, "FAILOVER");
      await waitUntil(async () => (await masterLines()).some(({ port }) => port === replica.port), {
        what: "the failover",
      });
      return replica;
    },
    whenHealthy: (timeoutMs = 30_000) => healthy(nodes, timeoutMs),
    client() {
      const client = new Cluster(nodes.map(({ port }) => ({ host: HOST, port })));
      client.on("error", () => {});
      clients.push(client);
      return client;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function idOf(node: RedisServer): Promise<string> {
  return askOnce(node, "MYID");
}

/** Moves the keys; whose the slot is remains to be said. */
async function moveSlot(
  slot: number,
  from: RedisServer,
  to: RedisServer,
  halfway: (() => Promise<unknown>) | undefined,
): Promise<void> {
  await askOnce(to, "SETSLOT", slot, "IMPORTING", await idOf(from));
  await askOnce(from, "SETSLOT", slot, "MIGRATING", await idOf(to));
  const client = from.client();
  const keys = async (): Promise<readonly string[]> =>
    (await client.cluster("GETKEYSINSLOT", slot, SLOTS)).map(String);
  const move = (some: readonly string[]): Promise<unknown> =>
    some.length === 0
      ? Promise.resolve()
      : client.call("MIGRATE", to.host, to.port, "", 0, 10_000, "KEYS", ...some);
  try {
    const found = await keys();
    await move(found.filter((_, index) => index % 2 === 0));
    await halfway?.();
    // Keys that were made meanwhile were made over there.
    await move(await keys());
  } finally {
    client.disconnect();
  }
}

async function startNode(config: Readonly<Record<string, string | number>>): Promise<RedisServer> {
  // By default the bus is 10,000 above the port, where outgoing connections have theirs.
  const bus = await freePort();
  return startRedis({
    config: {
      "cluster-enabled": "yes",
      "cluster-port": bus,
      "cluster-config-file": "nodes.conf",
      "repl-diskless-sync-delay": 0,
      ...config,
    },
  });
}

async function shareSlots(masters: readonly RedisServer[]): Promise<void> {
  for (const [index, master] of masters.entries()) {
    const first = Math.ceil((index * SLOTS) / masters.length);
    const last = Math.ceil(((index + 1) * SLOTS) / masters.length) - 1;
    await askOnce(master, "ADDSLOTSRANGE", first, last);
    // Distinct ones from the start: nodes that meet with equal ones have to settle it among them.
    await askOnce(master, "SET-CONFIG-EPOCH", index + 1);
  }
}

async function introduce(nodes: readonly RedisServer[]): Promise<void> {
  const [first, ...others] = nodes;
  if (first === undefined) return;
  for (const other of others) {
    const [bus] = /(?<=@)\d+/.exec(await askOnce(other, "NODES")) ?? [];
    await askOnce(first, "MEET", HOST, other.port, Number(bus));
  }
  await waitUntil(
    async () => {
      const known = await Promise.all(nodes.map((node) => askOnce(node, "INFO")));
      return known.every((text) => text.includes(`cluster_known_nodes:${nodes.length}`));
    },
    { timeoutMs: 30_000, everyMs: 50, what: "nodes that know each other" },
  );
}

async function follow(replica: RedisServer, master: RedisServer | undefined): Promise<void> {
  if (master === undefined) return;
  await askOnce(replica, "REPLICATE", await askOnce(master, "MYID"));
  const client = replica.client();
  await waitUntil(async () => (await client.info("replication")).includes("master_link_status:up"), {
    timeoutMs: 30_000,
    everyMs: 50,
    what: "a replica in step",
  });
  client.disconnect();
}

/** A node knows that it is a replica at once; the others hear of it by and by. */
async function agreeOnReplicas(nodes: readonly RedisServer[], replicas: number): Promise<void> {
  await waitUntil(
    async () => {
      const views = await Promise.all(nodes.map(async (node) => parseNodes(await askOnce(node, "NODES"))));
      return views.every((view) => view.filter(({ isMaster }) => !isMaster).length === replicas);
    },
    { timeoutMs: 30_000, everyMs: 50, what: "nodes that agree on who replicates" },
  );
}

async function healthy(nodes: readonly RedisServer[], timeoutMs: number): Promise<void> {
  await waitUntil(
    async () => {
      const states = await Promise.all(nodes.map((node) => askOnce(node, "INFO").catch(() => null)));
      const answered = states.filter((text) => text !== null);
      return answered.length > 0 && answered.every((text) => text.includes("cluster_state:ok"));
    },
    { timeoutMs, everyMs: 50, what: "a cluster that serves all slots" },
  );
}
