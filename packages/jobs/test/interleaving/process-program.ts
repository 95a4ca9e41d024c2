import { createPresence, isStoreFailure, type Presence } from "@presence/core";
import { connectRedisStore, type RedisStore } from "@presence/core/redis";
import { connectSqliteHistoryStore } from "@presence/history/sqlite";
import { sampleAll } from "../../src/index.ts";
import type { Answer, Question, Questions } from "./process.ts";

/*
 * One process of several over one store: does what it is told by messages and answers each. Its end is that of the
 * channel to whoever started it.
 */
let store: RedisStore | null = null;
let presence: Presence | null = null;
let historyPath = "";
let skewMs = 0;

// Somebody sets this machine's clock, now and then.
const wallMs = Date.now;
Date.now = () => wallMs() + skewMs;

const answers: { readonly [K in keyof Questions]: (asked: Questions[K][0]) => Promise<Questions[K][1]> } = {
  async open({ url, key, shards, historyPath: path }) {
    await answers.close({});
    historyPath = path;
    skewMs = 0;
    store = connectRedisStore({ url, key, shards });
    await store.whenReady(20_000);
    const registered = Promise.withResolvers<void>();
    presence = createPresence({
      store,
      flushMs: 20,
      onEvent: ({ kind }) => kind === "registered" && registered.resolve(),
    });
    presence.start();
    await registered.promise;
    return {};
  },
  async record({ visitors }) {
    const { store: open, presence: of } = opened();
    const taken = visitors.map(([visitor, agoMs]) => {
      const atMs = open.nowMs() - agoMs;
      return { visitor, atMs, refusal: of.record(visitor, { atMs }) };
    });
    return { taken };
  },
  async flush() {
    await opened().presence.flush();
    return {};
  },
  count: () => opened().presence.count(),
  async list() {
    const { asOfMs, visitors } = await opened().presence.list({ limit: 1_000 });
    return { asOfMs, visitors: visitors.map(({ visitor }) => visitor) };
  },
  prune: () => opened().presence.prune({ batch: 3 }),
  forget: async ({ visitors }) => ({ forgotten: await opened().presence.forget(visitors) }),
  async sample() {
    const history = connectSqliteHistoryStore({ path: historyPath });
    try {
      // The one question to the store, and what came of it.
      const counted = await opened().presence.count();
      const presenceOfCount = { count: async () => counted };
      const { sampled } = await sampleAll({ presence: presenceOfCount, history, channels: ["site"] });
      return { sampled, count: counted };
    } finally {
      await history.close();
    }
  },
  async jump({ ms }) {
    skewMs += ms;
    return {};
  },
  async close() {
    await presence?.close();
    await store?.close();
    presence = null;
    store = null;
    return {};
  },
};

function opened(): { readonly store: RedisStore; readonly presence: Presence } {
  if (store === null || presence === null) throw new Error("nothing is open");
  return { store, presence };
}

async function answer({ id, ask, asked }: Question): Promise<Answer> {
  const said = await outcome(ask, asked);
  return { id, failedFlushes: presence?.stats().failedFlushes ?? 0, ...said };
}

async function outcome(ask: keyof Questions, asked: object) {
  try {
    return { answer: await (answers[ask] as (asked: object) => Promise<object>)(asked) };
  } catch (error) {
    if (isStoreFailure(error)) return { failure: error.message };
    return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on("message", (question: Question) => void answer(question).then((said) => process.send?.(said)));
process.on("disconnect", () => process.exit());
