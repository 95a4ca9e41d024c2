import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSighting, SightingInputSchema } from "../src/index.ts";
import { isPlainSighting } from "../src/plain-sighting.ts";

const text = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ maxLength: 140 }),
  fc.string({ unit: "binary", maxLength: 70 }),
  fc.constantFrom("", "site", "page:/", "bots:site", "Site", "x".repeat(64), "x".repeat(65), "\u001b[31m"),
);

const instant = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc
    .tuple(
      fc.date({ noInvalidDate: true }),
      fc.constantFrom("Z", "+01:00", "-23:59", "+0100", "+24:00", "", "z"),
    )
    .map(([date, zone]) => date.toISOString().slice(0, -1) + zone),
  fc.constantFrom("2026-02-29T00:00:00Z", "2026-11-24T11:59Z", "2026-11-24", "2026-11-24T24:00:00Z", "noon"),
);

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constant(undefined),
  fc.integer({ min: 1_020, max: 1_030 }).map((length) => "x".repeat(length)),
);

/** Sightings, nearly all of the right form or wrong in one or two places. */
const item = fc.oneof(
  fc.record(
    {
      ip: fc.oneof({ weight: 8, arbitrary: text }, odd),
      visitor: fc.oneof({ weight: 8, arbitrary: text }, odd),
      channel: fc.oneof({ weight: 8, arbitrary: text }, odd),
      at: fc.oneof({ weight: 8, arbitrary: instant }, odd),
      userAgent: fc.oneof({ weight: 8, arbitrary: text }, odd),
      more: odd,
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc
    .constantFrom('{"__proto__":{"ip":"203.0.113.9"}}', '{"ip":"203.0.113.9","__proto__":1}')
    .map((json) => JSON.parse(json)),
);

describe("the short way to read a sighting", () => {
  it("takes only what the schema takes, and reads it as the schema does", () => {
    fc.assert(
      fc.property(item, (sighting) => {
        const bySchema = SightingInputSchema.safeParse(sighting);
        if (isPlainSighting(sighting)) expect(bySchema.success).toBe(true);
        const reading = parseSighting(sighting);
        expect(reading.ok).toBe(bySchema.success);
        if (reading.ok) expect(reading.sighting).toEqual(bySchema.data);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    { ip: "203.0.113.9" },
    { ip: "[2001:db8::1]:443", at: "2026-11-24T11:59:57.250Z", userAgent: "curl/8", channel: "page:/" },
    { visitor: "user-42", at: "2026-11-24T11:59:57+01:00" },
    { visitor: "x".repeat(64), channel: "site", userAgent: "" },
  ])("takes %j", (sighting) => {
    expect(isPlainSighting(sighting)).toBe(true);
  });
});
