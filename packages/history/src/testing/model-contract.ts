import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistoryStore } from "../store.ts";
import { HISTORY_STEPS, type HistoryPoint, PEAK_SCOPES, type PeakScope } from "../types.ts";
import { createHistoryModel, type HistoryModel } from "./model.ts";
import { DAY_MS, type HistoryPlace, MINUTE_MS, SECOND_MS, SITE } from "./support.ts";

/** Around their changes of clocks: by an hour, by half an hour, at midnight, not at all, at a half-hour offset. */
const ZONES = [
  ["Europe/Berlin", "2026-03-25T12:00:00Z"],
  ["Europe/Berlin", "2026-10-21T12:00:00Z"],
  ["Australia/Lord_Howe", "2026-04-01T00:00:00Z"],
  ["America/Santiago", "2026-09-02T12:00:00Z"],
  ["UTC", "2026-11-20T00:00:00Z"],
  ["Asia/Kolkata", "2026-11-20T00:00:00Z"],
] as const;

type Step =
  | { readonly kind: "sample"; readonly count: number; readonly afterMs: number }
  | { readonly kind: "reset"; readonly scope: PeakScope; readonly afterMs: number };

const SPAN_MS = 9 * DAY_MS;
// Few instants and counts, so that equal ones meet.
const instant = fc.oneof(
  fc.nat(SPAN_MS / (10 * SECOND_MS) - 1).map((tens) => tens * 10 * SECOND_MS),
  fc.nat(35).map((tens) => 4 * DAY_MS + tens * 10 * SECOND_MS),
);
const count = fc.oneof(fc.nat(3), fc.nat(1_000));
const sample = fc.record({ kind: fc.constant("sample" as const), count, afterMs: instant });
// At the last moment of a minute: whatever order samples come in, minutes then tell which were after it.
const reset = fc.record({
  kind: fc.constant("reset" as const),
  scope: fc.constantFrom(...PEAK_SCOPES),
  afterMs: instant.map((ms) => ms - (ms % MINUTE_MS) + MINUTE_MS - 1),
});

export function modelContract(fresh: () => Promise<HistoryPlace>, runs: number): void {
  describe("any history", () => {
    it("equals one that keeps every sample, whatever comes in whatever order", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...ZONES),
          fc.array(fc.oneof({ weight: 8, arbitrary: sample }, { weight: 1, arbitrary: reset }), {
            minLength: 1,
            maxLength: 40,
          }),
          async ([timeZone, start], steps) => {
            const history = await (await fresh()).open(timeZone);
            try {
              const startMs = Date.parse(start);
              const model = createHistoryModel(timeZone);
              for (const step of steps) await take(step, startMs, history, model);
              const lastMs = startMs + Math.max(...steps.map(({ afterMs }) => afterMs));
              await compare(history, model, startMs, lastMs);
            } finally {
              await history.close();
            }
          },
        ),
        { numRuns: runs },
      );
    });
  });
}

async function take(step: Step, startMs: number, history: HistoryStore, model: HistoryModel): Promise<void> {
  const atMs = startMs + step.afterMs;
  if (step.kind === "sample") {
    model.add({ count: step.count, atMs });
    await history.addSample({ channel: SITE, count: step.count, atMs });
    // What another channel does is of no matter.
    await history.addSample({ channel: "other", count: step.count + 1, atMs });
    return;
  }
  model.reset(step.scope, atMs);
  await history.resetPeak(SITE, step.scope, { reason: "a test", nowMs: atMs });
}

async function compare(
  history: HistoryStore,
  model: HistoryModel,
  startMs: number,
  lastMs: number,
): Promise<void> {
  for (const step of HISTORY_STEPS) {
    const [fromMs, toMs] = [startMs - DAY_MS, startMs + SPAN_MS + DAY_MS];
    // More minutes than a range may have: a day at a time.
    const lengthMs = step === "minute" ? DAY_MS : toMs - fromMs;
    const points: HistoryPoint[] = [];
    for (let atMs = fromMs; atMs < toMs; atMs += lengthMs) {
      points.push(...(await history.range(SITE, { step, fromMs: atMs, toMs: atMs + lengthMs })));
    }
    const filled = points.filter(({ last }) => last !== null);
    expect(filled).toHaveLength(model.filled(step));
    for (const point of filled) expect(point).toEqual(model.pointAt(step, point.atMs));
  }
  for (let nowMs = lastMs; nowMs < lastMs + SPAN_MS; nowMs += DAY_MS) {
    const peaks = await history.peaks(SITE, nowMs);
    for (const scope of PEAK_SCOPES) expect(peaks[scope]).toEqual(model.peak(scope, nowMs));
  }
}
