import { z } from "zod";
import { answerComponents, requestComponents } from "./components.ts";
import {
  amount,
  type Answered,
  type Asked,
  channelField,
  instant,
  type Sent,
  windowField,
} from "./fields.ts";
import { MAX_HEARTBEAT_BYTES } from "./limits.ts";
import type { RouteContract } from "./route.ts";

/** How many are online, and exactly what that means. */
export const OnlineCountSchema = z
  .object({
    channel: z.string().describe("The channel counted."),
    count: amount().describe("Visitors seen in (asOf - window, asOf + 5 s]."),
    windowSeconds: z.int().positive().describe("How long a sighting keeps a visitor online, in seconds."),
    asOf: instant().describe("The instant the count is true for."),
    since: instant().nullable().describe("Recording has run without a gap since then; null: nobody records."),
    complete: z.boolean().describe("Recording ran for the whole window: the count is not too low."),
    stale: z.boolean().describe("The store cannot be asked: this is the last known value, `ageMs` old."),
    ageMs: amount().describe("Milliseconds between `asOf` and the answer."),
    bots: amount().optional().describe("Bots on the channel, where they are counted separately."),
  })
  .describe("How many are online, and exactly what that means.")
  .register(answerComponents, { id: "OnlineCount" });

/** The original's answer: exactly these two fields. */
export const UserOnlineSchema = z
  .strictObject({
    msg: z.literal("访问人数"),
    num: amount().describe("Visitors online on channel `site`."),
  })
  .describe("The original answer, for programs that already read it.")
  .register(answerComponents, { id: "UserOnline" });

/** Query of `GET /v1/online`. */
export const OnlineQuerySchema = z.strictObject({ channel: channelField(), window: windowField() });

/** Body of `POST /v1/heartbeat`. */
export const HeartbeatRequestSchema = z
  .strictObject({ channel: channelField() })
  .describe("Says that the caller is here.")
  .register(requestComponents, { id: "HeartbeatRequest" });

/** How many are online, and exactly what that means. */
export type OnlineCount = Answered<typeof OnlineCountSchema>;
/** The original's answer. */
export type UserOnline = Answered<typeof UserOnlineSchema>;
/** What may be asked of `GET /v1/online`. */
export type OnlineQuery = Asked<typeof OnlineQuerySchema>;
/** Body of `POST /v1/heartbeat`. */
export type HeartbeatRequest = Sent<typeof HeartbeatRequestSchema>;

/** A count as a server answers it. */
export const ONLINE_COUNT_EXAMPLE = {
  channel: "site",
  count: 12,
  windowSeconds: 60,
  asOf: "2026-11-24T12:00:00.000Z",
  since: "2026-11-24T08:30:12.481Z",
  complete: true,
  stale: false,
  ageMs: 3,
} as const satisfies OnlineCount;

const cacheControl = {
  description: "`public, max-age=1`; `no-store` when stale, or where a token was needed.",
  schema: z.string(),
};

/** The routes that answer a count. */
export const onlineRoutes = {
  getUserOnline: {
    method: "GET",
    path: "/user/online/",
    who: "anyone",
    tag: "Online",
    summary: "The number alone, as the original answered it",
    description: "Also without the slash at the end. Use `/v1/online`, which says what its number means.",
    answers: {
      200: {
        description: "The number of channel `site`.",
        schema: UserOnlineSchema,
        headers: {
          "Presence-Stale": {
            description: "Only on a stale number: its age in whole seconds.",
            schema: z.string().regex(/^\d+$/),
          },
        },
        example: { msg: "访问人数", num: 12 },
      },
    },
    problems: ["PRESENCE_STORE_UNAVAILABLE", "PRESENCE_STORE_REFUSED"],
  },
  getOnline: {
    method: "GET",
    path: "/v1/online",
    who: "public",
    publicPart: "count",
    tag: "Online",
    summary: "How many are online now",
    query: OnlineQuerySchema,
    answers: {
      200: {
        description: "The count and what it means.",
        schema: OnlineCountSchema,
        headers: { "Cache-Control": cacheControl },
        example: ONLINE_COUNT_EXAMPLE,
      },
    },
    problems: [
      "PRESENCE_INVALID_WINDOW",
      "PRESENCE_CHANNEL_NOT_ALLOWED",
      "PRESENCE_STORE_UNAVAILABLE",
      "PRESENCE_STORE_REFUSED",
    ],
  },
  heartbeat: {
    method: "POST",
    path: "/v1/heartbeat",
    who: "anyone",
    tag: "Recording",
    summary: "Records the caller and answers the count",
    description: "At most one a second per client and channel. From a page: its origin must be allowed.",
    body: HeartbeatRequestSchema,
    maxBodyBytes: MAX_HEARTBEAT_BYTES,
    bodyExample: { channel: "page:/pricing" },
    answers: {
      200: {
        description: "The count, the caller included.",
        schema: OnlineCountSchema,
        example: { ...ONLINE_COUNT_EXAMPLE, channel: "page:/pricing" },
      },
    },
    problems: [
      "PRESENCE_ORIGIN_NOT_ALLOWED",
      "PRESENCE_CHANNEL_NOT_ALLOWED",
      "PRESENCE_TOO_MANY_REQUESTS",
      "PRESENCE_TOO_MANY_CHANNELS",
      "PRESENCE_STORE_UNAVAILABLE",
      "PRESENCE_STORE_REFUSED",
    ],
  },
} as const satisfies Record<string, RouteContract>;
