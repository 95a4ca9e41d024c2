import { expect, it } from "vitest";
import { trailPaths } from "../src/lib/trail.ts";

const FRAME = { nowMs: 100_000, lengthMs: 60_000, width: 600, height: 100 };

it("draws nothing where nothing was known", () => {
  expect(trailPaths([], FRAME)).toEqual({ line: "", area: "", min: null, max: null });
  expect(trailPaths([{ atMs: 50_000, count: null }], FRAME).line).toBe("");
});

it("holds each value until the next, and the last until now", () => {
  const points = [
    { atMs: 70_000, count: 5 },
    { atMs: 85_000, count: 10 },
  ];
  expect(trailPaths(points, FRAME)).toMatchObject({ line: "M300 54H450V8H600", min: 5, max: 10 });
});

it("begins at the left edge with a value from before the minute", () => {
  expect(trailPaths([{ atMs: 0, count: 2 }], FRAME).line).toBe("M0 8H600");
});

it("leaves a gap where the number was not known, instead of a zero", () => {
  const points = [
    { atMs: 40_000, count: 4 },
    { atMs: 50_000, count: null },
    { atMs: 90_000, count: 4 },
  ];
  expect(trailPaths(points, FRAME).line).toBe("M0 8H100M500 8H600");
});

it("lies on the ground for a minute of nobody", () => {
  expect(trailPaths([{ atMs: 0, count: 0 }], FRAME)).toMatchObject({ line: "M0 100H600", min: 0, max: 0 });
});
