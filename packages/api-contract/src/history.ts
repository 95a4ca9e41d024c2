import { z } from "zod";
import { answerComponents } from "./components.ts";
import { amount, type Answered, type Asked, channelField, instant, instantText, oneOf } from "./fields.ts";
import { MAX_HISTORY_POINTS } from "./limits.ts";
import type { RouteContract } from "./route.ts";

/** The steps history is kept at, finest first. */
export const HISTORY_STEPS = ["minute", "hour", "day"] as const;

/** Query of `GET /v1/history`. */
export const HistoryQuerySchema = z.strictObject({
  channel: channelField(),
  from: instantText().optional().describe("First instant, inclusive; a day before `to` where left out."),
  to: instantText().optional().describe("Last instant, exclusive; now where left out."),
  step: oneOf(HISTORY_STEPS)
    .optional()
    .describe("Length of a point; the finest that gives at most 1500 points where left out."),
});

/** One point of history; a time nobody sampled has three nulls, never zeros. */
export const HistoryPointSchema = z
  .object({
    at: instant().describe("Begin of the point; a day begins at midnight in `timeZone`."),
    min: amount().nullable().describe("Lowest sample."),
    max: amount().nullable().describe("Highest sample."),
    last: amount().nullable().describe("Last sample."),
  })
  .register(answerComponents, { id: "HistoryPoint" });

/** Answer of `GET /v1/history`. */
export const HistoryAnswerSchema = z
  .object({
    channel: z.string().describe("The channel."),
    step: z.enum(HISTORY_STEPS).describe("Length of a point."),
    from: instant().describe("Begin of the range, inclusive."),
    to: instant().describe("End of the range, exclusive."),
    timeZone: z.string().describe("Where a day begins, as an IANA name."),
    points: z
      .array(HistoryPointSchema)
      .max(MAX_HISTORY_POINTS)
      .describe("Each point of the range, in order."),
  })
  .register(answerComponents, { id: "HistoryAnswer" });

/** Length of a point of history. */
export type HistoryStep = (typeof HISTORY_STEPS)[number];
/** What may be asked of `GET /v1/history`. */
export type HistoryQuery = Asked<typeof HistoryQuerySchema>;
/** One point of history. */
export type HistoryPoint = Answered<typeof HistoryPointSchema>;
/** Answer of `GET /v1/history`. */
export type HistoryAnswer = Answered<typeof HistoryAnswerSchema>;

/** The route that answers the past. */
export const historyRoutes = {
  getHistory: {
    method: "GET",
    path: "/v1/history",
    who: "public",
    publicPart: "history",
    tag: "History",
    summary: "How many were online, over time",
    query: HistoryQuerySchema,
    answers: {
      200: {
        description: "The points of the range.",
        schema: HistoryAnswerSchema,
        example: {
          channel: "site",
          step: "minute",
          from: "2026-11-24T12:00:00.000Z",
          to: "2026-11-24T12:02:00.000Z",
          timeZone: "UTC",
          points: [
            { at: "2026-11-24T12:00:00.000Z", min: 3, max: 9, last: 5 },
            { at: "2026-11-24T12:01:00.000Z", min: null, max: null, last: null },
          ],
        },
      },
    },
    problems: ["PRESENCE_RANGE_TOO_LONG", "PRESENCE_CHANNEL_NOT_ALLOWED", "PRESENCE_HISTORY_UNAVAILABLE"],
  },
} as const satisfies Record<string, RouteContract>;
