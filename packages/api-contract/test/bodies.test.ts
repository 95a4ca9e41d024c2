import { describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  ForgetRequestSchema,
  HeartbeatRequestSchema,
  invalidRequest,
  parseSighting,
  PruneRequestSchema,
  SightingsEnvelopeSchema,
  SightingsRequestSchema,
} from "../src/index.ts";

function problemOf(schema: z.ZodType, body: unknown) {
  const result = schema.safeParse(body);
  return result.success ? null : invalidRequest(result.error);
}

describe("a body", () => {
  it("names the place of each mistake in a list", () => {
    expect(problemOf(ForgetRequestSchema, { visitors: ["203.0.113.9", "", 7] })).toMatchObject({
      code: "PRESENCE_INVALID_VISITOR",
      errors: [{ field: "visitors[1]" }, { field: "visitors[2]" }],
    });
  });

  it("holds a list of visitors between 1 and 1,000", () => {
    const visitors = Array.from({ length: 1_001 }, (_, index) => `v${index}`);

    expect(problemOf(ForgetRequestSchema, { visitors: [] })?.errors).toEqual([
      { field: "visitors", message: "must name at least one visitor" },
    ]);
    expect(problemOf(ForgetRequestSchema, { visitors })?.detail).toBe(
      "visitors must name at most 1000 visitors.",
    );
    expect(problemOf(ForgetRequestSchema, { visitors: visitors.slice(1) })).toBeNull();
    expect(problemOf(ForgetRequestSchema, {})?.errors?.[0]?.field).toBe("visitors");
  });

  it("takes what another writer left as a visitor to forget", () => {
    expect(problemOf(ForgetRequestSchema, { visitors: ["user 42", "你", "\u001b[31m"] })).toBeNull();
  });

  it("does not take a text for a number, nor a number that is not whole", () => {
    for (const maxMs of ["1000", 1.5, 0, -1, 8_001, null, true, []]) {
      expect(problemOf(PruneRequestSchema, { maxMs })?.errors).toMatchObject([{ field: "maxMs" }]);
    }
  });

  it("fills in what a prune leaves out", () => {
    expect(PruneRequestSchema.parse({})).toEqual({ channel: "site", maxMs: 1_000, dryRun: false });
  });

  it("refuses fields it does not know, one error each", () => {
    expect(problemOf(PruneRequestSchema, { dryrun: true, force: true })?.errors).toEqual([
      { field: "dryrun", message: "is not known here" },
      { field: "force", message: "is not known here" },
    ]);
  });

  it.each([null, "text", 7, [], true])("refuses %j as a whole", (body) => {
    const problem = problemOf(HeartbeatRequestSchema, body);

    expect(problem?.code).toBe("PRESENCE_INVALID_REQUEST");
    expect(problem?.detail).toMatch(/^The body /);
  });

  it("is not taken in by the names every object has", () => {
    const body: unknown = JSON.parse('{"__proto__":{"channel":"x"},"constructor":1,"channel":"site"}');

    expect(problemOf(HeartbeatRequestSchema, body)?.errors?.map(({ field }) => field)).toContain(
      "constructor",
    );
  });

  it("answers a body of thousands of mistakes with at most twenty, none of them long", () => {
    const body = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => ["k".repeat(200) + index, 1]),
    );
    const problem = problemOf(HeartbeatRequestSchema, body);

    expect(problem?.errors).toHaveLength(20);
    expect(JSON.stringify(problem).length).toBeLessThan(4_000);
  });
});

describe("sightings", () => {
  const sighting = { ip: "203.0.113.9", at: "2026-11-24T11:59:57.25+01:00", userAgent: "curl/8" };

  it("are read one by one, so that one mistake refuses one sighting", () => {
    expect(parseSighting(sighting)).toEqual({ ok: true, sighting: { ...sighting, channel: "site" } });
    expect(parseSighting({ visitor: "user-42", channel: "page:/" })).toEqual({
      ok: true,
      sighting: { visitor: "user-42", channel: "page:/" },
    });
  });

  it.each([
    [{ visitor: "x".repeat(65) }, "PRESENCE_INVALID_VISITOR"],
    [{ visitor: "a b" }, "PRESENCE_INVALID_VISITOR"],
    [{ visitor: "\u001b[31m" }, "PRESENCE_INVALID_VISITOR"],
    [{ visitor: "" }, "PRESENCE_INVALID_VISITOR"],
    [{ visitor: 7 }, "PRESENCE_INVALID_VISITOR"],
    [{}, "PRESENCE_INVALID_VISITOR"],
    [{ ip: "" }, "PRESENCE_INVALID_ADDRESS"],
    [{ ip: null }, "PRESENCE_INVALID_ADDRESS"],
    [{ ip: "1.2.3.4", visitor: "x" }, "PRESENCE_INVALID_REQUEST"],
    [{ ip: "1.2.3.4", channel: "A" }, "PRESENCE_INVALID_CHANNEL"],
    [{ ip: "1.2.3.4", at: "noon" }, "PRESENCE_INVALID_TIME"],
    [{ ip: "1.2.3.4", at: 1_764_000_000 }, "PRESENCE_INVALID_TIME"],
    [{ ip: "1.2.3.4", at: "noon", channel: "A" }, "PRESENCE_INVALID_REQUEST"],
    [{ ip: "1.2.3.4", extra: 1 }, "PRESENCE_INVALID_REQUEST"],
    [null, "PRESENCE_INVALID_REQUEST"],
    ["203.0.113.9", "PRESENCE_INVALID_REQUEST"],
    [[], "PRESENCE_INVALID_REQUEST"],
  ])("%j is refused with %s", (item, code) => {
    expect(parseSighting(item)).toEqual({ ok: false, code });
  });

  it("are at most 10,000 in the documented body; the envelope leaves the number to the server", () => {
    const sightings = Array.from({ length: 10_001 }, () => sighting);

    expect(SightingsRequestSchema.safeParse({ sightings }).success).toBe(false);
    expect(SightingsEnvelopeSchema.safeParse({ sightings }).success).toBe(true);
    expect(problemOf(SightingsEnvelopeSchema, { sightings: {} })?.errors).toEqual([
      { field: "sightings", message: "must be a list of sightings" },
    ]);
  });
});
