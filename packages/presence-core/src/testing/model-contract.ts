import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePosition } from "../order.ts";
import type { PresenceStore } from "../store.ts";
import type { ListedVisitor, ListOrder, OnlineBounds } from "../types.ts";
import { onlineBounds } from "../window.ts";
import { SITE } from "./support.ts";

/** The plainest thing that could be right: who was last seen when, and what time it is. */
interface Model {
  readonly lastSeen: Map<string, number>;
  nowMs: number;
}

interface Real {
  readonly store: PresenceStore;
}

type Command = fc.AsyncCommand<Model, Real>;

const VISITORS = Array.from({ length: 12 }, (_, i) => `v${i}`);
const isWithin = (atMs: number, { afterMs, untilMs }: OnlineBounds): boolean =>
  atMs > afterMs && atMs <= untilMs;

function online(model: Model, windowSeconds: number): ListedVisitor[] {
  const bounds = onlineBounds(model.nowMs, windowSeconds);
  return [...model.lastSeen]
    .filter(([, atMs]) => isWithin(atMs, bounds))
    .map(([visitor, lastSeenMs]) => ({ visitor, lastSeenMs }));
}

function command(text: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => text };
}

function record(sightings: readonly (readonly [string, number])[]): Command {
  return command(`record(${JSON.stringify(sightings)})`, async (model, { store }) => {
    const batch = new Map<string, number>();
    for (const [visitor, agoMs] of sightings) {
      const atMs = model.nowMs - agoMs;
      batch.set(visitor, Math.max(batch.get(visitor) ?? -Infinity, atMs));
    }
    for (const [visitor, atMs] of batch) {
      model.lastSeen.set(visitor, Math.max(model.lastSeen.get(visitor) ?? -Infinity, atMs));
    }
    await store.record(new Map([[SITE, batch]]), { nowMs: model.nowMs, ttlSeconds: 1_000 });
  });
}

function count(windowSeconds: number): Command {
  return command(`count(${windowSeconds})`, async (model, { store }) => {
    const { count: found } = await store.count(SITE, onlineBounds(model.nowMs, windowSeconds));
    expect(found).toBe(online(model, windowSeconds).length);
  });
}

function list(windowSeconds: number, order: ListOrder, limit: number): Command {
  return command(`list(${windowSeconds}, ${order}, ${limit})`, async (model, { store }) => {
    const found: ListedVisitor[] = [];
    for (;;) {
      const bounds = onlineBounds(model.nowMs, windowSeconds);
      const page = await store.list(SITE, bounds, { order, limit, after: found.at(-1) ?? null });
      found.push(...page);
      if (page.length < limit) break;
    }
    expect(found).toEqual(online(model, windowSeconds).toSorted(comparePosition(order)));
  });
}

function prune(windowSeconds: number, limit: number): Command {
  return command(`prune(${windowSeconds}, ${limit})`, async (model, { store }) => {
    const bounds = onlineBounds(model.nowMs, windowSeconds);
    const outside = [...model.lastSeen].filter(([, atMs]) => !isWithin(atMs, bounds));
    for (let left = outside.length; ;) {
      const result = await store.pruneBatch(SITE, bounds, { limit });
      expect(result.removed).toBe(Math.min(limit, left));
      left -= result.removed;
      expect(result.remaining).toBe(left);
      if (left === 0) break;
    }
    for (const [visitor] of outside) model.lastSeen.delete(visitor);
  });
}

function forget(visitors: readonly string[]): Command {
  return command(`forget(${visitors.join()})`, async (model, { store }) => {
    const known = visitors.filter((visitor) => model.lastSeen.delete(visitor));
    expect(await store.forget(SITE, visitors)).toBe(known.length);
  });
}

function advance(ms: number): Command {
  return command(`advance(${ms})`, async (model) => {
    model.nowMs += ms;
  });
}

// Milliseconds ago: live, at the boundary, late, a little ahead, and seconds mistaken for milliseconds.
const agoMs = fc.oneof(
  fc.integer({ min: -6_000, max: 70_000 }),
  fc.constantFrom(0, 59_999, 60_000, 60_001, -5_000, -5_001),
  fc.integer({ min: -70, max: 70 }).map((seconds) => seconds * 1_000),
  fc.constant(-1_700_000_000_000_000),
);
const visitor = fc.constantFrom(...VISITORS);
const windowSeconds = fc.constantFrom(1, 5, 60);
const order = fc.constantFrom<ListOrder>("recent", "oldest");

const commands = [
  fc.array(fc.tuple(visitor, agoMs), { minLength: 1, maxLength: 8 }).map(record),
  fc
    .array(fc.tuple(visitor, agoMs), { minLength: 1, maxLength: 3 })
    .map((twice) => record([...twice, ...twice])),
  windowSeconds.map(count),
  fc.tuple(windowSeconds, order, fc.integer({ min: 1, max: 5 })).map((args) => list(...args)),
  fc.tuple(windowSeconds, fc.integer({ min: 1, max: 6 })).map((args) => prune(...args)),
  fc.uniqueArray(visitor, { minLength: 1, maxLength: 4 }).map(forget),
  fc.integer({ min: 1, max: 30_000 }).map(advance),
];

export function modelContract(create: () => Promise<PresenceStore>, runs: number): void {
  describe("any sequence of calls", () => {
    it("answers as a plain map of last sightings would", async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 30 }), async (sequence) => {
          const store = await create();
          try {
            const setup = () => ({
              model: { lastSeen: new Map<string, number>(), nowMs: store.nowMs() },
              real: { store },
            });
            await fc.asyncModelRun(setup, sequence);
          } finally {
            await store.close();
          }
        }),
        { numRuns: runs },
      );
    });
  });
}
