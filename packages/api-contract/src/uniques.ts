import { z } from "zod";
import { answerComponents } from "./components.ts";
import { amount, type Answered, type Asked, channelField, wholeNumberText } from "./fields.ts";
import { MAX_UNIQUES_DAYS } from "./limits.ts";
import type { RouteContract } from "./route.ts";

const DEFAULT_DAYS = 7;

/** Query of `GET /v1/uniques`. */
export const UniquesQuerySchema = z.strictObject({
  channel: channelField(),
  days: wholeNumberText(1, MAX_UNIQUES_DAYS)
    .default(DEFAULT_DAYS)
    .describe("How many days, today included, 1 to 400."),
});

/** Distinct visitors of one day. */
export const UniqueDaySchema = z
  .object({
    day: z.iso.date().describe("The day, in `timeZone`."),
    visitors: amount()
      .nullable()
      .describe("Distinct visitors, within the error; null where nothing is known."),
  })
  .register(answerComponents, { id: "UniqueDay" });

/** Answer of `GET /v1/uniques`. */
export const UniquesSchema = z
  .object({
    channel: z.string().describe("The channel."),
    timeZone: z.string().describe("Where a day begins, as an IANA name."),
    errorPercent: z
      .number()
      .nonnegative()
      .describe("Standard error of each number: 0.81 for HyperLogLog, 0 if exact."),
    days: z.array(UniqueDaySchema).describe("Each day, earliest first; the last one is today so far."),
  })
  .register(answerComponents, { id: "Uniques" });

/** What may be asked of `GET /v1/uniques`. */
export type UniquesQuery = Asked<typeof UniquesQuerySchema>;
/** Distinct visitors of one day. */
export type UniqueDay = Answered<typeof UniqueDaySchema>;
/** Answer of `GET /v1/uniques`. */
export type Uniques = Answered<typeof UniquesSchema>;

/** The route that answers distinct visitors. */
export const uniqueRoutes = {
  getUniques: {
    method: "GET",
    path: "/v1/uniques",
    who: "public",
    publicPart: "history",
    tag: "History",
    summary: "Distinct visitors per day",
    query: UniquesQuerySchema,
    answers: {
      200: {
        description: "Distinct visitors of each day, and how far off they may be.",
        schema: UniquesSchema,
        example: {
          channel: "site",
          timeZone: "UTC",
          errorPercent: 0.81,
          days: [
            { day: "2026-11-23", visitors: 1_802 },
            { day: "2026-11-24", visitors: 911 },
          ],
        },
      },
    },
    problems: [
      "PRESENCE_CHANNEL_NOT_ALLOWED",
      "PRESENCE_STORE_UNAVAILABLE",
      "PRESENCE_STORE_REFUSED",
      "PRESENCE_HISTORY_UNAVAILABLE",
    ],
  },
} as const satisfies Record<string, RouteContract>;
