import { expect, it } from "vitest";
import { sizeFor, sizingSection, unitCosts } from "../src/harness/sizing.ts";

const costs = {
  bytesAVisitor: 100,
  redisMsPerRequest: 0.001,
  appMsPerRequest: 0.002,
  mirrorMsPerRequest: 0.05,
  registerMsPerWriter: 0.001,
};

it("takes as many masters as writes keep half busy, or as memory fills", () => {
  expect(sizeFor(1e8, costs)).toMatchObject({
    requestsPerSecond: 1e7,
    redisCores: 10,
    masters: 20,
    memoryGb: 10,
  });
  expect(sizeFor(1e9, { ...costs, redisMsPerRequest: 0 }).masters).toBe(7);
});

it("lets the cost of registrations grow with the square of the processes", () => {
  const [one, ten] = [sizeFor(1e8, costs), sizeFor(1e9, costs)];
  expect(ten.registrationCores / one.registrationCores).toBeCloseTo(100);
});

it("says what breaks first in the order of size", () => {
  const places = [...sizingSection(costs).matchAll(/^- at ([\d.]+)M /gm)].map(([, at]) => Number(at));
  expect(places).toHaveLength(3);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

it("computes nothing from a run that left out what it needs", () => {
  expect(unitCosts(new Map())).toBeNull();
});
