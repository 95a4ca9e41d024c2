import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  ChannelsQuerySchema,
  HistoryQuerySchema,
  invalidRequest,
  OnlineQuerySchema,
  ResetPeakQuerySchema,
  UniquesQuerySchema,
  VisitorsQuerySchema,
} from "../src/index.ts";

/** The problem a query is refused with, or what it was read as. */
function read(schema: z.ZodType, query: Readonly<Record<string, unknown>>) {
  const result = schema.safeParse(query);
  return result.success ? { value: result.data } : { problem: invalidRequest(result.error) };
}

describe("a query", () => {
  it("takes the defaults where nothing is asked", () => {
    expect(read(OnlineQuerySchema, {}).value).toEqual({ channel: "site" });
    expect(read(VisitorsQuerySchema, {}).value).toEqual({ channel: "site", limit: 50, order: "recent" });
    expect(read(UniquesQuerySchema, {}).value).toEqual({ channel: "site", days: 7 });
    expect(read(ChannelsQuerySchema, {}).value).toEqual({ limit: 100 });
    expect(read(HistoryQuerySchema, {}).value).toEqual({ channel: "site" });
  });

  it.each([
    "0",
    "1001",
    "10x",
    "1e3",
    "",
    " 5",
    "5 ",
    "+5",
    "-5",
    "5.0",
    "0x10",
    "٣",
    "007",
    "10000000",
    "99999999999",
  ])("refuses the limit %j and names the field", (limit) => {
    const { problem } = read(VisitorsQuerySchema, { limit });

    expect(problem).toMatchObject({
      status: 400,
      code: "PRESENCE_INVALID_LIMIT",
      detail: "limit must be a whole number from 1 to 1000.",
      errors: [{ field: "limit", message: "must be a whole number from 1 to 1000" }],
    });
  });

  it("takes both bounds of a limit", () => {
    expect(read(VisitorsQuerySchema, { limit: "1" }).value).toMatchObject({ limit: 1 });
    expect(read(VisitorsQuerySchema, { limit: "1000" }).value).toMatchObject({ limit: 1_000 });
  });

  it("refuses a parameter that is given twice", () => {
    const { problem } = read(VisitorsQuerySchema, { limit: ["1", "2"] });

    expect(problem?.errors).toEqual([
      { field: "limit", message: "is given 2 times; it must be a whole number from 1 to 1000" },
    ]);
    expect(read(OnlineQuerySchema, { channel: ["site", "site"] }).problem?.code).toBe(
      "PRESENCE_INVALID_CHANNEL",
    );
    expect(read(VisitorsQuerySchema, { order: ["recent", "oldest"] }).problem?.errors).toEqual([
      { field: "order", message: "is given 2 times; it must be recent or oldest" },
    ]);
    expect(read(HistoryQuerySchema, { from: ["a", "b"] }).problem?.code).toBe("PRESENCE_INVALID_TIME");
  });

  it("refuses a parameter it does not know, so that a typing error is not answered with another channel", () => {
    const { problem } = read(OnlineQuerySchema, { chanel: "page:/" });

    expect(problem).toMatchObject({
      code: "PRESENCE_INVALID_REQUEST",
      errors: [{ field: "chanel", message: "is not known here" }],
    });
  });

  it("names every wrong parameter, and has the general code when they are of several kinds", () => {
    const { problem } = read(VisitorsQuerySchema, { limit: "0", channel: "a b" });

    expect(problem?.code).toBe("PRESENCE_INVALID_REQUEST");
    expect(problem?.errors?.map(({ field }) => field).toSorted()).toEqual(["channel", "limit"]);
  });

  it.each(["0", "86401", "1e1", "60s", ""])("refuses the window %j", (window) => {
    expect(read(OnlineQuerySchema, { window }).problem?.code).toBe("PRESENCE_INVALID_WINDOW");
  });

  it.each(["", "Site", " site", "site ", "a b", "ä", "-a", "x".repeat(129), "a\n"])(
    "refuses the channel %j",
    (channel) => {
      expect(read(OnlineQuerySchema, { channel }).problem?.code).toBe("PRESENCE_INVALID_CHANNEL");
    },
  );

  it.each(["site", "page:/pricing", "a", "9", "x".repeat(128), "page:/%E4%BD%A0".toLowerCase()])(
    "takes the channel %j",
    (channel) => {
      expect(read(OnlineQuerySchema, { channel }).value).toEqual({ channel });
    },
  );

  it.each(["yesterday", "2026-11-24", "2026-02-30T00:00:00Z", "2026-11-24T12:00:00", "1764000000", ""])(
    "refuses the instant %j",
    (from) => {
      expect(read(HistoryQuerySchema, { from }).problem).toMatchObject({
        code: "PRESENCE_INVALID_TIME",
        errors: [{ field: "from", message: "must be an instant in ISO 8601, like 2026-11-24T12:00:00Z" }],
      });
    },
  );

  it("needs a reason of one line to reset a peak", () => {
    expect(read(ResetPeakQuerySchema, {}).problem?.errors).toEqual([
      { field: "reason", message: "is required and must be a reason of 1 to 200 characters on one line" },
    ]);
    expect(read(ResetPeakQuerySchema, { reason: "one\nmore" }).problem).toBeDefined();
    expect(read(ResetPeakQuerySchema, { reason: " " }).problem).toBeDefined();
    expect(read(ResetPeakQuerySchema, { reason: "压力测试 😀" }).value).toEqual({
      channel: "site",
      scope: "allTime",
      reason: "压力测试 😀",
    });
  });

  it("reads a whole number exactly as it is written, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (limit) => {
        const { value } = read(VisitorsQuerySchema, { limit });
        const isTaken = /^[1-9]\d{0,3}$/.test(limit) && Number(limit) <= 1_000;
        expect(value === undefined).toBe(!isTaken);
        if (isTaken) expect(value).toMatchObject({ limit: Number(limit) });
      }),
    );
  });

  it("takes only instants that are one", () => {
    const digits = fc.integer({ min: 0, max: 99 }).map((number) => String(number).padStart(2, "0"));
    const instant = fc
      .tuple(
        fc.integer({ min: 0, max: 9_999 }),
        digits,
        digits,
        digits,
        digits,
        digits,
        fc.constantFrom("Z", "+01:30", "-23:59"),
      )
      .map(([year, month, day, hour, minute, second, zone]) => {
        return `${String(year).padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${second}${zone}`;
      });
    fc.assert(
      fc.property(instant, (from) => {
        const { value } = read(HistoryQuerySchema, { from });
        if (value !== undefined) expect(Date.parse(from)).not.toBeNaN();
      }),
    );
  });
});
