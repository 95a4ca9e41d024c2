import { Cluster, type Redis } from "ioredis";
import { withDeadline } from "../deadline.ts";
import { PresenceError } from "../errors.ts";
import { COMMAND_TIMEOUT_MS, type RedisClient } from "./connect.ts";
import { toPresenceError } from "./errors.ts";
import { runOf } from "./run-id.ts";
import { clockScript, type LuaScript } from "./scripts.generated.ts";
import { type ClockProbe, createStoreClock, type StoreClock } from "./store-clock.ts";

const PROBES = 5;
const SYNC_EVERY_MS = 30_000;
const SUSPECT_PROBE_MS = 500;

/** What the link tells beside the calls. */
export type LinkEvent =
  | { readonly kind: "connection-error"; readonly error: Error }
  | { readonly kind: "clock-jump"; readonly jumpMs: number }
  /** The store's visitors are spread over another number of sets than was configured; the store's holds. */
  | { readonly kind: "other-shards"; readonly shards: number; readonly configured: number };

/** Options of {@link createLink}. */
export interface LinkOptions {
  readonly client: RedisClient;
  /** The key whose server's clock is the clock. */
  readonly stateKey: string;
  /** Keys of all servers that hold visitors, the state's own apart: none but in a cluster. */
  readonly shardKeys: readonly string[];
  readonly onEvent: (event: LinkEvent) => void;
}

/** One client, the clock of its server, and whether it can be asked. */
export interface RedisLink {
  readonly clock: StoreClock;
  isReady(): boolean;
  /** Which run of which server was last found behind each key; `""` where they do not say, `null` before. */
  run(): string | null;
  /** Asks for the time and the run again now; never rejects. */
  sync(): Promise<void>;
  /** Resolves once it can be asked; rejects with the reason after `timeoutMs`. */
  whenReady(timeoutMs: number): Promise<void>;
  /**
   * Sends commands in this tick, in order on one connection per node, and waits for all of their answers.
   *
   * @param isLarge They have thousands of arguments: to copy them into one system call would cost more than it saves.
   */
  ask<T>(send: (client: RedisClient) => Promise<T>, isLarge?: boolean): Promise<T>;
  evaluate(script: LuaScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  close(): void;
}

export function createLink({ client, stateKey, shardKeys, onEvent }: LinkOptions): RedisLink {
  const clock = createStoreClock();
  const waiting = new Set<() => void>();
  let isSuspect = true;
  let isClosed = false;
  let syncing: Promise<void> | null = null;
  let run: string | null = null;
  let lastError: unknown;

  const evaluate: RedisLink["evaluate"] = (script, keys, args) =>
    // The text itself each time: no script cache that a flush, a failover or another node could lack.
    client.eval(script.lua, script.keys, ...keys, ...args);

  function sync(): Promise<void> {
    syncing ??= askTimeAndRun().finally(() => {
      syncing = null;
    });
    return syncing;
  }

  async function askTimeAndRun(): Promise<void> {
    if (isClosed) return;
    try {
      const probes: ClockProbe[] = [];
      let stateRun = "";
      for (let i = 0; i < PROBES; i += 1) {
        const sentMs = performance.now();
        const { storeMs, run: found } = await probe(stateKey);
        probes.push({ storeMs, sentMs, receivedMs: performance.now() });
        stateRun = found;
      }
      const shards = await Promise.all(shardKeys.map(probe));
      run = runOf([stateRun, ...shards.map((shard) => shard.run)]);
      const jumpMs = clock.sync(probes);
      if (jumpMs !== 0) onEvent({ kind: "clock-jump", jumpMs });
      isSuspect = false;
      for (const resume of waiting) resume();
    } catch (error) {
      suspect(error);
    }
  }

  async function probe(key: string): Promise<{ readonly storeMs: number; readonly run: string }> {
    const answer = await withDeadline(evaluate(clockScript, [key], []), COMMAND_TIMEOUT_MS, "the clock");
    const [seconds, microseconds, found] = answer as [string, string, string];
    return { storeMs: Number(seconds) * 1_000 + Number(microseconds) / 1_000, run: found };
  }

  function suspect(error: unknown): void {
    isSuspect = true;
    lastError = error;
    // Who serves the slots of a master that is gone is not told to anybody: it has to be asked.
    if (client instanceof Cluster && client.status === "ready") client.refreshSlotsCache(() => {});
  }

  const onReady = (): void => void sync();
  const onLost = (): void => suspect(lastError ?? new Error("the connection closed"));
  const onError = (error: Error): void => {
    lastError = error;
    onEvent({ kind: "connection-error", error });
  };
  // Another server may serve a shard from now on: until it is known, nobody's past is trusted.
  const onNode = ({ options }: Redis): void => {
    if (options.readOnly === true || client.status !== "ready") return;
    run = null;
    void sync();
  };
  client.on("ready", onReady);
  client.on("close", onLost);
  client.on("error", onError);
  client.on("+node", onNode);
  client.on("-node", onNode);
  if (client.status === "ready") onReady();
  // Made with lazyConnect, it waits for a first command, and none is sent to a client that is not connected.
  if (client.status === "wait") client.connect().catch(() => {});

  const timers = [
    setInterval(() => void sync(), SYNC_EVERY_MS),
    setInterval(() => {
      if (isSuspect && client.status === "ready") void sync();
    }, SUSPECT_PROBE_MS),
  ];
  for (const timer of timers) timer.unref();

  const isReady = (): boolean => !isClosed && !isSuspect && client.status === "ready";

  function notReady(): PresenceError {
    if (isClosed) return new PresenceError("PRESENCE_CLOSED", "the store is closed");
    return toPresenceError(lastError ?? new Error("not connected yet"));
  }

  return {
    clock,
    isReady,
    run: () => run,
    sync,
    evaluate,

    async whenReady(timeoutMs) {
      if (isReady()) return;
      let resume: (() => void) | undefined;
      const ready = new Promise<void>((resolve) => {
        resume = resolve;
        waiting.add(resolve);
      });
      try {
        await withDeadline(ready, timeoutMs, "connecting");
        if (isClosed) throw notReady();
      } catch (error) {
        throw lastError === undefined ? error : notReady();
      } finally {
        if (resume !== undefined) waiting.delete(resume);
      }
    },

    async ask(send, isLarge = false) {
      if (isClosed || !isReady()) throw notReady();
      try {
        if (!isLarge) sendTogether(client);
        return await withDeadline(send(client), COMMAND_TIMEOUT_MS, "the answer");
      } catch (error) {
        const failure = toPresenceError(error);
        if (failure.code === "PRESENCE_STORE_UNAVAILABLE") suspect(failure);
        throw failure;
      }
    },

    close() {
      isClosed = true;
      for (const resume of waiting) resume();
      for (const timer of timers) clearInterval(timer);
      client.off("ready", onReady);
      client.off("close", onLost);
      client.off("error", onError);
      client.off("+node", onNode);
      client.off("-node", onNode);
    },
  };
}

/** Has all commands of this tick leave in one system call: it costs more than the commands themselves. */
function sendTogether(client: RedisClient): void {
  // A cluster has a connection for each node, most of which get one command.
  if (!("stream" in client)) return;
  const { stream } = client;
  stream.cork();
  queueMicrotask(() => stream.uncork());
}
