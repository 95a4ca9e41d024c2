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
});
