import { z } from "zod";
import { answerComponents } from "./components.ts";
import { amount, type Answered, type Asked, instant, text, wholeNumberText } from "./fields.ts";
import { CHANNEL_PATTERN, MAX_CHANNELS } from "./limits.ts";
import type { RouteContract } from "./route.ts";

const DEFAULT_LIMIT = 100;

/** Query of `GET /v1/channels`. */
export const ChannelsQuerySchema = z.strictObject({
  prefix: text(CHANNEL_PATTERN, "must be the beginning of a channel's name")
    .optional()
    .describe("Only channels whose name begins so: `page:`."),
  limit: wholeNumberText(1, MAX_CHANNELS).default(DEFAULT_LIMIT).describe("Most channels, 1 to 1000."),
});

/** One live channel. */
export const ChannelSchema = z
  .object({
    channel: z.string().describe("Its name."),
    count: amount().describe("Visitors online in it."),
    lastWrite: instant().describe("When it was last written to."),
    bots: amount().optional().describe("Bots in it, where they are counted separately."),
  })
  .register(answerComponents, { id: "Channel" });

/** Answer of `GET /v1/channels`. */
export const ChannelsSchema = z
  .object({
    asOf: instant().describe("The instant the counts are true for."),
    windowSeconds: z.int().positive().describe("The window of the counts, in seconds."),
    complete: z.boolean().describe("Recording ran for the whole window: the counts are not too low."),
    total: amount().describe("Live channels that match, those beyond the limit included."),
    channels: z.array(ChannelSchema).describe("The fullest first, by name among equals."),
  })
  .register(answerComponents, { id: "Channels" });

/** What may be asked of `GET /v1/channels`. */
export type ChannelsQuery = Asked<typeof ChannelsQuerySchema>;
/** One live channel. */
export type Channel = Answered<typeof ChannelSchema>;
/** Answer of `GET /v1/channels`. */
export type Channels = Answered<typeof ChannelsSchema>;

/** The route that lists live channels. */
export const channelRoutes = {
  listChannels: {
    method: "GET",
    path: "/v1/channels",
    who: "admin",
    tag: "Operations",
    summary: "Live channels with their counts",
    query: ChannelsQuerySchema,
    answers: {
      200: {
        description: "The fullest channels.",
        schema: ChannelsSchema,
        example: {
          asOf: "2026-11-24T12:00:00.000Z",
          windowSeconds: 60,
          complete: true,
          total: 2,
          channels: [
            { channel: "site", count: 12, lastWrite: "2026-11-24T11:59:59.800Z" },
            { channel: "page:/pricing", count: 3, lastWrite: "2026-11-24T11:59:41.000Z" },
          ],
        },
      },
    },
    problems: ["PRESENCE_STORE_UNAVAILABLE", "PRESENCE_STORE_REFUSED"],
  },
} as const satisfies Record<string, RouteContract>;
