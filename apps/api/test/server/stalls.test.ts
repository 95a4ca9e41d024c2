import { expect, it } from "vitest";
import { createStalls } from "../../src/server/stalls.ts";

function stage() {
  let now = 0;
  const stalls = createStalls({ everyMs: 250, keptMs: 4_000, nowMs: () => now });
  return {
    stalls,
    lookAt(atMs: number) {
      now = atMs;
      stalls.look();
    },
  };
}

it("takes a look that is a little late for no stall", () => {
  const { stalls, lookAt } = stage();
  lookAt(250);
  lookAt(1_499);
  expect(stalls.recentMs()).toBe(0);
  expect(stalls.awakeMs()).toBe(1_499);
});

it("leaves out of its clock what the process stood still", () => {
  const { stalls, lookAt } = stage();
  lookAt(250);
  lookAt(5_500);
  expect(stalls.awakeMs()).toBe(500);
  lookAt(5_750);
  expect(stalls.awakeMs()).toBe(750);
});

it("adds up the stalls of late, and forgets each once the process was awake for long enough", () => {
  const { stalls, lookAt } = stage();
  lookAt(2_250);
  expect(stalls.recentMs()).toBe(2_000);
  lookAt(5_500);
  expect(stalls.recentMs()).toBe(5_000);
  for (let awake = 1; awake < 15; awake += 1) lookAt(5_500 + 250 * awake);
  expect(stalls.recentMs()).toBe(5_000);
  lookAt(9_500);
  expect(stalls.recentMs()).toBe(0);
});
