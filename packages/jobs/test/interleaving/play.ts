import { openSqliteHistoryStore } from "@presence/history/sqlite";
import type { OnlineCount } from "@presence/core";
import { waitUntil } from "@presence/testkit";
import { expect } from "vitest";
import { createModel, mayBeOnline, type Snapshot, surelyOnline, WINDOW_MS } from "./model.ts";
import { type Operation, PROCESSES, type Step } from "./operations.ts";
import type { Questions } from "./process.ts";
import type { World } from "./world.ts";

/** What was played. */
export interface Played {
  /** Played to their end. */
  sequences: number;
  operations: number;
  /** Steps of several operations at once. */
  interleavings: number;
  freshReads: number;
  completeCounts: number;
  faults: number;
}

const PROCESS_NUMBERS = Array.from({ length: PROCESSES }, (_, process) => process);
const NOBODY: ReadonlySet<string> = new Set();

/**
 * Plays steps in a world and holds every answer against what the model allows; at the end all faults are mended, and
 * every process must come to tell of the same visitors.
 */
export async function play(world: World, steps: readonly Step[], played: Played): Promise<void> {
  const model = createModel(PROCESSES);
  const fresh = PROCESS_NUMBERS.map(() => new Set<number>());
  const failed = PROCESS_NUMBERS.map(() => 0);
  const isAway = PROCESS_NUMBERS.map(() => false);
  const samples: number[] = [];
  let [shards, next, isMoved] = [1, 1, false];
  let lastShards = 1;

  async function atOnce(operations: readonly Operation[]): Promise<void> {
    const before = model.snapshot();
    // All are on their way before the first is answered.
    const asked = await Promise.all(
      operations.map(async (operation) => ({ operation, answer: await run(operation) })),
    );
    const recorded = PROCESS_NUMBERS.map(() => new Set<string>());
    for (const { operation, answer } of asked) {
      if (operation.kind !== "record") continue;
      for (const { visitor, atMs, refusal } of (answer as Questions["record"][1]).taken) {
        if (refusal !== null) continue;
        model.recorded(operation.process, visitor, atMs);
        recorded[operation.process]?.add(visitor);
      }
    }
    // Whoever's write failed, for whatever reason, may have it come about later.
    for (const process of PROCESS_NUMBERS) {
      const { failedFlushes = 0 } = world.processes[process] ?? {};
      const isHurt = asked.some(
        ({ operation, answer }) =>
          operation.process === process &&
          (answer === null || operation.kind === "away" || operation.kind === "cut"),
      );
      if (isHurt || isAway[process] || failedFlushes !== failed[process]) model.disturbed(process);
      failed[process] = failedFlushes;
    }
    const removed = new Set<string>();
    for (const { operation, answer } of asked) {
      if (operation.kind !== "forget") continue;
      for (const visitor of operation.visitors) removed.add(visitor);
      const { process, visitors } = operation;
      model.forgot(process, visitors, answer !== null, recorded[process] ?? NOBODY);
    }
    // However often a process flushed at once, what it had before is written.
    const written = asked.filter(({ operation, answer }) => operation.kind === "flush" && answer !== null);
    for (const process of new Set(written.map(({ operation }) => operation.process)))
      model.flushed(process, before, recorded[process] ?? NOBODY, removed);
    const after = model.snapshot();
    for (const { operation, answer } of asked) {
      if (answer !== null) check(operation, answer, before, after, removed);
    }
    played.operations += operations.length;
    played.interleavings += operations.length > 1 ? 1 : 0;
  }

  async function run(operation: Operation): Promise<object | null> {
    const { process } = operation;
    switch (operation.kind) {
      case "away":
        isAway[process] = true;
        played.faults += 1;
        await world.network.away(process, operation.fault);
        return {};
      case "back":
        isAway[process] = false;
        await world.network.back(process);
        return {};
      case "cut":
        isAway[process] = false;
        played.faults += 1;
        await world.network.cut(process);
        return {};
      case "record":
      case "forget":
        return ask(process, operation.kind, { visitors: operation.visitors } as never);
      case "jump":
        return ask(process, "jump", { ms: operation.ms });
      default:
        return ask(process, operation.kind, {});
    }
  }

  async function ask<K extends keyof Questions>(process: number, kind: K, asked: Questions[K][0]) {
    const answer = (await world.processes[process]?.ask(kind, asked)) ?? null;
    if (answer !== null && kind === "count") know(process, answer as OnlineCount);
    if (answer !== null && kind === "sample") know(process, (answer as Questions["sample"][1]).count);
    return answer;
  }

  /** What a process has said of late, it may say again as a stale answer. */
  function know(process: number, { count, stale }: OnlineCount): void {
    if (!stale) fresh[process]?.add(count);
  }

  function check(
    operation: Operation,
    answer: object,
    before: Snapshot,
    after: Snapshot,
    removed: ReadonlySet<string>,
  ): void {
    const { process } = operation;
    const stays = (times: ReadonlyMap<string, number> | undefined): ReadonlyMap<string, number> =>
      new Map([...(times ?? [])].filter(([visitor]) => !removed.has(visitor)));
    const mayCount = (asOfMs: number): ReadonlySet<string> =>
      new Set([...mayBeOnline(before.most, asOfMs), ...mayBeOnline(after.most, asOfMs)]);

    if (operation.kind === "list") {
      const { asOfMs, visitors } = answer as Questions["list"][1];
      played.freshReads += 1;
      expect(visitors).toHaveLength(new Set(visitors).size);
      const must = surelyOnline(stays(before.least), asOfMs);
      expect(visitors, "who is surely online is listed").toEqual(expect.arrayContaining([...must]));
      const may = mayCount(asOfMs);
      expect(
        visitors.filter((visitor) => !may.has(visitor)),
        "nobody else is",
      ).toEqual([]);
    }
    if (operation.kind === "count") {
      const { count, asOfMs, stale, complete, ageMs } = answer as OnlineCount;
      if (stale) {
        expect([...(fresh[process] ?? [])], "a stale count is one that was answered before").toContain(count);
        expect({ complete, isOld: ageMs >= WINDOW_MS }).toEqual({ complete: false, isOld: false });
        return;
      }
      played.freshReads += 1;
      const must = new Set(surelyOnline(stays(before.least), asOfMs));
      if (complete) {
        played.completeCounts += 1;
        for (const times of [before.acknowledged, before.own[process]])
          for (const visitor of surelyOnline(stays(times), asOfMs)) must.add(visitor);
      }
      expect(count, "no count lacks who is surely online").toBeGreaterThanOrEqual(must.size);
      expect(count, "no count has anybody else").toBeLessThanOrEqual(mayCount(asOfMs).size);
    }
    if (operation.kind === "sample") {
      const { sampled, count } = answer as Questions["sample"][1];
      expect(sampled, "a count becomes history where it is fresh and complete").toBe(
        count.complete && !count.stale ? 1 : 0,
      );
      check({ kind: "count", process }, count, before, after, removed);
      if (sampled === 1) samples.push(count.count);
    }
  }

  /** Whether every process can be asked, and so has heard of what the state says. */
  async function allHear(): Promise<boolean> {
    const answers = await Promise.all(PROCESS_NUMBERS.map((process) => ask(process, "count", {})));
    return answers.every((answer) => answer !== null && !answer.stale);
  }

  /** Has a process write all it has taken; answers whether it did. */
  async function flush(process: number): Promise<boolean> {
    const before = model.snapshot();
    if ((await ask(process, "flush", {})) === null) return false;
    model.flushed(process, before, NOBODY, NOBODY);
    return true;
  }

  async function tellLayout(layout: string): Promise<void> {
    const { client, keys } = world.operator;
    await client.hset(keys.state, "layout", layout);
  }

  /** A change of the shards, a step at a time. What takes a window there is brought about here by seeing all again. */
  async function reshard(how: "on" | "cancel"): Promise<void> {
    if (isAway.includes(true) || !(await allHear())) return;
    const { operator } = world;
    const nowMs = operator.nowMs();
    if (how === "cancel") {
      if (next === shards || isMoved) return;
      await tellLayout(String(shards));
      next = shards;
    } else if (next === shards) {
      if ((await operator.state()) === null) return;
      // What waits anywhere is written first: what came before the change is to be told from what came after.
      for (const process of PROCESS_NUMBERS) if (!(await flush(process))) return;
      lastShards += 1;
      next = lastShards;
      await operator.resharding.begin(next);
    } else if (!isMoved) {
      const { least } = model.snapshot();
      const visitors = [...least].map(([visitor, atMs]) => [visitor, nowMs - atMs] as const);
      await atOnce([{ kind: "record", process: 0, visitors }]);
      const again = model.snapshot().pending[0];
      if (!(await flush(0))) return;
      // Who was about to leave need not be in the new sets.
      model.leave([...least.keys()].filter((visitor) => again?.has(visitor) !== true));
      await tellLayout(`${shards}>${next}@${nowMs}`);
      isMoved = true;
    } else {
      await tellLayout(String(next));
      [shards, isMoved] = [next, false];
    }
    // A process that lists goes by what it heard within the last second: in truth a step takes longer.
    await waitUntil(allHear, { timeoutMs: 60_000, what: "every process to hear of the layout" });
  }

  async function step(what: Step): Promise<void> {
    switch (what.kind) {
      case "at once":
        return atOnce(what.operations);
      case "reshard":
        return reshard(what.how);
      case "lose":
        played.faults += 1;
        await world.lose(what.how);
        return model.lost();
      case "kill":
        played.faults += 1;
        await world.replace(what.process);
        model.killed(what.process);
        await world.network.back(what.process);
        isAway[what.process] = false;
        failed[what.process] = 0;
        fresh[what.process]?.clear();
        return world.open(what.process, shards);
    }
  }

  /** Every process lists whom the model knows, and nobody else. */
  async function checkLists(): Promise<boolean> {
    const lists = await Promise.all(
      PROCESS_NUMBERS.map((process) =>
        waitUntil(() => ask(process, "list", {}), { timeoutMs: 60_000, what: "a list" }),
      ),
    );
    const { most } = model.snapshot();
    for (const { asOfMs, visitors } of lists) {
      const must = surelyOnline(model.final(), asOfMs);
      const may = mayBeOnline(most, asOfMs);
      expect(visitors).toEqual(expect.arrayContaining([...must]));
      expect(visitors.filter((visitor) => !may.has(visitor))).toEqual([]);
    }
    return true;
  }

  /** Mends all, and waits until every process says what the others say, and what the model allows. */
  async function settle(): Promise<void> {
    for (const process of PROCESS_NUMBERS) await world.network.back(process);
    isAway.fill(false);
    for (const process of PROCESS_NUMBERS) {
      // A write of its own tells it that data was lost, if it was.
      await atOnce([{ kind: "record", process, visitors: [[`last${process}`, 0]] }]);
      await waitUntil(
        async () => {
          if (await flush(process)) return true;
          throw new Error(`process ${process}: ${world.processes[process]?.lastFailure}`);
        },
        { timeoutMs: 60_000, what: "the last flush" },
      );
    }
    await waitUntil(allHear, { timeoutMs: 60_000, what: "every process to reach its store" });
    // Lost data is sent again within moments; where none was lost all must be there at once.
    if (!model.hasLost()) await checkLists();
    else await waitUntil(checkLists, { timeoutMs: 30_000, everyMs: 50, what: "all that was lost" });
    await checkHistory();
  }

  /** History is of the samples that were kept, and of no other count. */
  async function checkHistory(): Promise<void> {
    const history = await openSqliteHistoryStore({ path: world.historyPath });
    try {
      const nowMs = world.operator.nowMs();
      const range = { step: "hour", fromMs: nowMs - 3_600_000, toMs: nowMs + 3_600_000 } as const;
      const rows = (await history.range("site", range)).filter(({ max }) => max !== null);
      expect(rows.length > 0).toBe(samples.length > 0);
      for (const { min, max } of rows) {
        expect(min).toBeGreaterThanOrEqual(Math.min(...samples));
        expect(max).toBeLessThanOrEqual(Math.max(...samples));
      }
    } finally {
      await history.close();
    }
  }

  await world.begin(1);
  // Nobody has recorded anything, for longer than a window.
  await world.operator.client.hset(
    world.operator.keys.state,
    "since",
    world.operator.nowMs() - 2 * WINDOW_MS,
  );
  for (const what of steps) await step(what);
  await settle();
  played.sequences += 1;
}
