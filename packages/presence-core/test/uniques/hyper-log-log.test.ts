import { describe, expect, it } from "vitest";
import { createHyperLogLog } from "../../src/uniques/hyper-log-log.ts";

/** Standard error of 2^14 registers, as a share. */
const STANDARD_ERROR = 0.0081;

/** Visitors as they come: addresses one after the other, groups of IPv6, names. */
const FORMS = {
  IPv4: (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
  IPv6: (n: number) => `2001:db8:${(n >> 16).toString(16)}:${(n & 0xffff).toString(16)}::/64`,
  named: (n: number) => `user-${n.toString(36)}`,
};

function estimate(form: (n: number) => string, from: number, distinct: number): number {
  const sketch = createHyperLogLog();
  for (let n = from; n < from + distinct; n += 1) sketch.add(form(n));
  // Again, a part of them: a visitor who comes back is none more.
  for (let n = from; n < from + distinct; n += 3) sketch.add(form(n));
  return sketch.count();
}

describe.each(Object.entries(FORMS))("a HyperLogLog of %s visitors", (_, form) => {
  it.each([
    [0, 0],
    [1, 0],
    [100, 1],
    [10_000, 3 * STANDARD_ERROR * 10_000],
    [1_000_000, 3 * STANDARD_ERROR * 1_000_000],
  ])("counts %i within %d", (distinct, tolerance) => {
    expect(Math.abs(estimate(form, 0, distinct) - distinct)).toBeLessThanOrEqual(tolerance);
  });
});

it("has the standard error it says, and leans neither way", () => {
  const distinct = 20_000;
  const errors = Array.from(
    { length: 60 },
    (_, run) => estimate(FORMS.IPv4, run * distinct, distinct) / distinct - 1,
  );
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  expect(deviation).toBeLessThan(STANDARD_ERROR * 1.2);
  expect(Math.abs(mean)).toBeLessThan(STANDARD_ERROR / 3);
});
