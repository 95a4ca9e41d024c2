import { describe, expect, it } from "vitest";
import { createStoreClock } from "../../src/redis/store-clock.ts";
import { manualClock } from "../../src/testing/index.ts";

/** A store whose clock is `offsetMs` ahead, asked with the given round trips. */
function probes(clock: ReturnType<typeof manualClock>, offsetMs: number, roundTripsMs: readonly number[]) {
  return roundTripsMs.map((roundTripMs) => {
    const sentMs = clock.monotonicMs() - roundTripMs;
    return { storeMs: clock.wallMs() + offsetMs - roundTripMs / 2, sentMs, receivedMs: clock.monotonicMs() };
  });
}

describe("the store's clock", () => {
  it("is this machine's until the store has been asked, and says that it is not settled", () => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    expect(carried.nowMs()).toBe(clock.wallMs());
    expect(carried.reading().settled).toBe(false);
  });

  it("takes the quickest probe's word at the first asking, even back in time", () => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    carried.nowMs();
    const slow = { storeMs: 0, sentMs: clock.monotonicMs() - 200, receivedMs: clock.monotonicMs() };
    expect(carried.sync([slow, ...probes(clock, -30_000, [4])])).toBe(0);
    expect(carried.nowMs()).toBe(clock.wallMs() - 30_000);
    expect(carried.reading()).toMatchObject({ offsetMs: -30_000, settled: true, roundTripMs: 4 });
  });

  it("is carried by the monotonic clock, whatever happens to this machine's wall clock", () => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    carried.sync(probes(clock, 0, [1]));
    const startMs = carried.nowMs();
    clock.advance(5_000);
    clock.jump(-3_600_000);
    expect(carried.nowMs()).toBe(startMs + 5_000);
  });

  it("slews a jump of the store, never goes back, and is settled once it has caught up", () => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    carried.sync(probes(clock, 0, [1]));
    const startMs = carried.nowMs();
    expect(carried.sync(probes(clock, -4_000, [1]))).toBeCloseTo(-4_000);
    expect(carried.reading().settled).toBe(false);
    let previousMs = carried.nowMs();
    for (let second = 1; second < 8; second += 1) {
      clock.advance(1_000);
      expect(carried.nowMs()).toBeGreaterThanOrEqual(previousMs);
      expect(carried.reading().settled).toBe(false);
      previousMs = carried.nowMs();
    }
    clock.advance(1_000);
    expect(carried.nowMs()).toBe(startMs + 4_000);
    expect(carried.reading().settled).toBe(true);
  });

  it("slews from the moment of the jump on, however long it has run by then", () => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    carried.sync(probes(clock, 0, [2]));
    clock.advance(3_600_000);
    const startMs = carried.nowMs();
    carried.sync(probes(clock, 4_000, [2]));
    expect(carried.nowMs()).toBe(startMs);
    clock.advance(1_000);
    expect(carried.nowMs()).toBe(startMs + 1_500);
    expect(carried.reading().settled).toBe(false);
  });

  it("slews a small difference without a word", () => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    carried.sync(probes(clock, 0, [1]));
    const startMs = carried.nowMs();
    expect(carried.sync(probes(clock, 400, [1]))).toBe(0);
    expect(carried.reading().settled).toBe(true);
    expect(carried.nowMs()).toBe(startMs);
    clock.advance(1_000);
    expect(carried.nowMs()).toBe(startMs + 1_400);
  });

  it.each([
    [1_000, 0],
    [1_001, 1_001],
    [-1_000, 0],
    [-1_001, -1_001],
  ])("takes a difference of %i ms for a jump of %i ms", (offsetMs, jumpMs) => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    carried.sync(probes(clock, 0, [2]));
    expect(carried.sync(probes(clock, offsetMs, [2]))).toBe(jumpMs);
    expect(carried.reading().settled).toBe(jumpMs === 0);
  });

  it("takes the quickest of several probes, wherever it is among them", () => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    const [slow, quick, slower] = [probes(clock, 70, [8]), probes(clock, 0, [2]), probes(clock, -70, [9])];
    carried.sync([...slow, ...quick, ...slower]);
    expect(carried.nowMs()).toBe(clock.wallMs());
    expect(carried.reading().roundTripMs).toBe(2);
  });

  it("learns nothing of no probes", () => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    expect(carried.sync([])).toBe(0);
    expect(carried.isSet()).toBe(false);
    carried.sync(probes(clock, -30_000, [2]));
    expect(carried.isSet()).toBe(true);
    expect(carried.nowMs()).toBe(clock.wallMs() - 30_000);
  });

  it("says whole milliseconds, however fine the store's answer is", () => {
    const clock = manualClock();
    const carried = createStoreClock(clock);
    carried.sync(probes(clock, 0.75, [2]));
    expect(carried.nowMs()).toBe(clock.wallMs());
    expect(carried.reading().offsetMs).toBe(1);
  });
});
