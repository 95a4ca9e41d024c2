import { z } from "zod";
import { answerComponents } from "./components.ts";
import { type Answered, type Asked, channelField } from "./fields.ts";
import type { OnlineCount } from "./online.ts";
import type { Problem } from "./problem.ts";
import type { RouteContract } from "./route.ts";

/** Query of `GET /v1/online/stream`. */
export const StreamQuerySchema = z.strictObject({ channel: channelField() });

/** Data of the event `end`: the server closes the stream on purpose. */
export const StreamEndSchema = z
  .object({
    reason: z.string().describe("Why: `shutdown` or `slow`."),
    retryMs: z
      .int()
      .nonnegative()
      .describe("Milliseconds to wait before connecting again, spread over clients."),
  })
  .describe("Data of the event `end`.")
  .register(answerComponents, { id: "StreamEnd" });

/** What may be asked of `GET /v1/online/stream`. */
export type StreamQuery = Asked<typeof StreamQuerySchema>;
/** Data of the event `end`. */
export type StreamEnd = Answered<typeof StreamEndSchema>;

/** The names of the stream's events. */
export const STREAM_EVENTS = ["count", "unavailable", "end"] as const;

/**
 * What comes over the stream. `count`: a snapshot at once, then at most one a second, on change, staleness
 * included. `unavailable`: no value is known any more. `end`: connect again after `retryMs`.
 */
export type StreamEvent =
  | { readonly event: "count"; readonly data: OnlineCount }
  | { readonly event: "unavailable"; readonly data: Problem }
  | { readonly event: "end"; readonly data: StreamEnd };

/** The route that streams counts. */
export const streamRoutes = {
  streamOnline: {
    method: "GET",
    path: "/v1/online/stream",
    who: "public",
    publicPart: "count",
    tag: "Online",
    summary: "The count as it changes, as server-sent events",
    description:
      "Event `count` carries an `OnlineCount`: a snapshot at once, then at most one a second, on change. " +
      "Event `unavailable` carries a `Problem` where no value is known any more. Event `end` carries a " +
      "`StreamEnd` before the server closes the stream. A comment comes each 15 s.",
    query: StreamQuerySchema,
    answers: {
      200: {
        description: "The events.",
        mediaType: "text/event-stream",
        schema: z.string(),
        example:
          'event: count\ndata: {"channel":"site","count":12,"windowSeconds":60,' +
          '"asOf":"2026-11-24T12:00:00.000Z","since":"2026-11-24T08:30:12.481Z","complete":true,' +
          '"stale":false,"ageMs":3}\n\n',
      },
    },
    problems: [
      "PRESENCE_CHANNEL_NOT_ALLOWED",
      "PRESENCE_TOO_MANY_STREAMS",
      "PRESENCE_STREAMS_FULL",
      "PRESENCE_CLOSED",
    ],
  },
} as const satisfies Record<string, RouteContract>;
