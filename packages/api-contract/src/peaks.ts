import { z } from "zod";
import { answerComponents } from "./components.ts";
import { amount, type Answered, type Asked, channelField, instant, oneOf, text } from "./fields.ts";
import type { RouteContract } from "./route.ts";

/** The periods whose highest sample is kept. */
export const PEAK_SCOPES = ["today", "last7Days", "allTime"] as const;

/** Query of `GET /v1/peaks`. */
export const PeaksQuerySchema = z.strictObject({ channel: channelField() });

/** Query of `DELETE /v1/peaks`. */
export const ResetPeakQuerySchema = z.strictObject({
  channel: channelField(),
  scope: oneOf(PEAK_SCOPES).default("allTime").describe("Which peak begins anew."),
  reason: text(
    // oxlint-disable-next-line no-control-regex -- what it keeps out are controls
    /^[^\s\ufeff\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f\u2028\u2029]{0,199}$/u,
    "must be a reason of 1 to 200 characters on one line",
  ).describe("Why; kept beside the new record."),
});

/** The highest sample of a period. */
export const PeakSchema = z
  .object({
    count: amount().describe("Visitors online."),
    at: instant().describe("When; the first moment of equals."),
  })
  .register(answerComponents, { id: "Peak" });

/** That somebody began a peak anew. */
export const PeakResetSchema = z
  .object({
    scope: z.enum(PEAK_SCOPES).describe("Which peak."),
    at: instant().describe("When."),
    reason: z.string().describe("Why, in the words of who did it."),
    previous: PeakSchema.nullable().describe("The record before; null where there was none."),
  })
  .register(answerComponents, { id: "PeakReset" });

/** Answer of `GET /v1/peaks`. */
export const PeaksSchema = z
  .object({
    channel: z.string().describe("The channel."),
    asOf: instant().describe("The instant the answer is true for."),
    timeZone: z.string().describe("Where a day begins, as an IANA name."),
    today: PeakSchema.nullable().describe("Since midnight in `timeZone`; null where nothing was sampled."),
    last7Days: PeakSchema.nullable().describe(
      "Today and the six days before; null where nothing was sampled.",
    ),
    allTime: PeakSchema.nullable().describe("Since recording began, or its last reset."),
    resets: z.array(PeakResetSchema).describe("The last reset of each peak that has one."),
  })
  .register(answerComponents, { id: "Peaks" });

/** A period whose highest sample is kept. */
export type PeakScope = (typeof PEAK_SCOPES)[number];
/** What may be asked of `GET /v1/peaks`. */
export type PeaksQuery = Asked<typeof PeaksQuerySchema>;
/** What `DELETE /v1/peaks` takes. */
export type ResetPeakQuery = Asked<typeof ResetPeakQuerySchema>;
/** The highest sample of a period. */
export type Peak = Answered<typeof PeakSchema>;
/** That somebody began a peak anew. */
export type PeakReset = Answered<typeof PeakResetSchema>;
/** Answer of `GET /v1/peaks`. */
export type Peaks = Answered<typeof PeaksSchema>;

const record = { count: 214, at: "2026-11-20T19:02:30.000Z" } as const;

const peaksExample = {
  channel: "site",
  asOf: "2026-11-24T12:00:00.000Z",
  timeZone: "UTC",
  today: { count: 96, at: "2026-11-24T09:41:10.000Z" },
  last7Days: record,
  allTime: record,
  resets: [
    {
      scope: "allTime",
      at: "2026-11-01T08:00:00.000Z",
      reason: "a load test",
      previous: { count: 50_000, at: "2026-10-31T22:10:00.000Z" },
    },
  ],
} as const satisfies Peaks;

/** The routes that answer and reset peaks. */
export const peakRoutes = {
  getPeaks: {
    method: "GET",
    path: "/v1/peaks",
    who: "public",
    publicPart: "history",
    tag: "History",
    summary: "The most that were online: today, in seven days, ever",
    query: PeaksQuerySchema,
    answers: { 200: { description: "The peaks.", schema: PeaksSchema, example: peaksExample } },
    problems: ["PRESENCE_CHANNEL_NOT_ALLOWED", "PRESENCE_HISTORY_UNAVAILABLE"],
  },
  resetPeak: {
    method: "DELETE",
    path: "/v1/peaks",
    who: "admin",
    tag: "History",
    summary: "Begins a peak anew",
    description: "The reason and the record before are kept.",
    query: ResetPeakQuerySchema,
    answers: { 200: { description: "The peaks after it.", schema: PeaksSchema, example: peaksExample } },
    problems: ["PRESENCE_CHANNEL_NOT_ALLOWED", "PRESENCE_HISTORY_UNAVAILABLE"],
  },
} as const satisfies Record<string, RouteContract>;
