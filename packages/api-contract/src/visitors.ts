import { z } from "zod";
import { answerComponents, requestComponents } from "./components.ts";
import {
  amount,
  type Answered,
  type Asked,
  channelField,
  instant,
  oneOf,
  type Sent,
  text,
  wholeNumber,
  wholeNumberText,
} from "./fields.ts";
import {
  DEFAULT_PAGE_VISITORS,
  DEFAULT_PRUNE_MS,
  MAX_FORGET_VISITORS,
  MAX_PAGE_VISITORS,
  MAX_PRUNE_MS,
} from "./limits.ts";
import type { RouteContract } from "./route.ts";

/** What another writer left may hold any character, and an operator must be able to remove it. */
const ANY_VISITOR = /^[\s\S]{1,1024}$/;
const SECONDS_PER_YEAR = 31_536_000;

/** How a visitor's text is made of an address. */
export const IdentitySchema = z.enum(["ip", "masked", "hashed"]);

/** Query of `GET /v1/online/visitors`. */
export const VisitorsQuerySchema = z.strictObject({
  channel: channelField(),
  limit: wholeNumberText(1, MAX_PAGE_VISITORS)
    .default(DEFAULT_PAGE_VISITORS)
    .describe("Visitors on a page, 1 to 1000."),
  cursor: text(/^[\w.~-]{1,512}$/, "must be the nextCursor of an earlier page")
    .optional()
    .describe("`nextCursor` of the page before; without it the list begins anew."),
  order: oneOf(["recent", "oldest"])
    .default("recent")
    .describe(
      "`recent`: latest sighting first. `oldest`: who stays online throughout is listed at least once.",
    ),
});

/** One visitor of a page. */
export const VisitorSchema = z
  .object({
    visitor: z.string().describe("The visitor's text; what another writer left may hold any character."),
    lastSeen: instant().describe("Their latest sighting."),
    secondsAgo: amount().describe("Whole seconds from then to `asOf`; 0 for a sighting just ahead of it."),
    foreign: z
      .literal(true)
      .optional()
      .describe("Another writer's form: it is not an identity of this server."),
  })
  .register(answerComponents, { id: "Visitor" });

/** One page of who is online. */
export const VisitorPageSchema = z
  .object({
    asOf: instant().describe("The instant the page is true for."),
    identity: IdentitySchema.describe("How this server makes a visitor's text."),
    visitors: z.array(VisitorSchema),
    nextCursor: z.string().nullable().describe("Ask the next page with it; null on the last page."),
  })
  .describe("One page of who is online.")
  .register(answerComponents, { id: "VisitorPage" });

/** Body of `POST /v1/online/forget`. */
export const ForgetRequestSchema = z
  .strictObject({
    visitors: z
      .array(text(ANY_VISITOR, "must be a visitor as the list shows it"), {
        error: "must be a list of visitors",
      })
      .min(1, "must name at least one visitor")
      .max(MAX_FORGET_VISITORS, `must name at most ${MAX_FORGET_VISITORS} visitors`)
      .describe("The visitors, as the list shows them."),
    channel: channelField(),
  })
  .describe("Removes single visitors. Not a ban: a later sighting brings them back.")
  .register(requestComponents, { id: "ForgetRequest" });

/** Answer of `POST /v1/online/forget`. */
export const ForgetAnswerSchema = z
  .object({ forgotten: amount().describe("How many of them were there.") })
  .register(answerComponents, { id: "ForgetAnswer" });

/** Body of `POST /v1/online/prune`. */
export const PruneRequestSchema = z
  .strictObject({
    channel: channelField(),
    olderThanSeconds: wholeNumber(1, SECONDS_PER_YEAR)
      .optional()
      .describe("Remove who was not seen for this long; the window where it is left out."),
    maxMs: wholeNumber(1, MAX_PRUNE_MS)
      .default(DEFAULT_PRUNE_MS)
      .describe("Stop after about this long, with `remaining` above 0."),
    dryRun: z
      .boolean({ error: "must be true or false" })
      .default(false)
      .describe("Remove nothing, answer what would go."),
  })
  .describe("Removes expired and invalid visitors. The count never depends on it.")
  .register(requestComponents, { id: "PruneRequest" });

/** Answer of `POST /v1/online/prune`. */
export const PruneAnswerSchema = z
  .object({
    removed: amount().describe("Visitors removed, invalid ones included; with `dryRun` those that would go."),
    invalid: amount().describe("How many of those had a time in the future."),
    remaining: amount().describe("Expired and invalid visitors that still wait."),
    elapsedMs: amount().describe("Milliseconds it took."),
  })
  .register(answerComponents, { id: "PruneAnswer" });

/** How a visitor's text is made of an address. */
export type Identity = Answered<typeof IdentitySchema>;
/** What may be asked of `GET /v1/online/visitors`. */
export type VisitorsQuery = Asked<typeof VisitorsQuerySchema>;
/** One visitor of a page. */
export type Visitor = Answered<typeof VisitorSchema>;
/** One page of who is online. */
export type VisitorPage = Answered<typeof VisitorPageSchema>;
/** Body of `POST /v1/online/forget`. */
export type ForgetRequest = Sent<typeof ForgetRequestSchema>;
/** Answer of `POST /v1/online/forget`. */
export type ForgetAnswer = Answered<typeof ForgetAnswerSchema>;
/** Body of `POST /v1/online/prune`. */
export type PruneRequest = Sent<typeof PruneRequestSchema>;
/** Answer of `POST /v1/online/prune`. */
export type PruneAnswer = Answered<typeof PruneAnswerSchema>;

/** The routes that list and remove visitors. */
export const visitorRoutes = {
  listVisitors: {
    method: "GET",
    path: "/v1/online/visitors",
    who: "admin",
    tag: "Visitors",
    summary: "Who is online, page by page",
    query: VisitorsQuerySchema,
    answers: {
      200: {
        description: "One page.",
        schema: VisitorPageSchema,
        example: {
          asOf: "2026-11-24T12:00:00.000Z",
          identity: "ip",
          visitors: [{ visitor: "203.0.113.9", lastSeen: "2026-11-24T11:59:57.120Z", secondsAgo: 2 }],
          nextCursor: null,
        },
      },
    },
    problems: [
      "PRESENCE_INVALID_CURSOR",
      "PRESENCE_CHANNEL_NOT_ALLOWED",
      "PRESENCE_STORE_UNAVAILABLE",
      "PRESENCE_STORE_REFUSED",
    ],
  },
  forgetVisitors: {
    method: "POST",
    path: "/v1/online/forget",
    who: "admin",
    tag: "Visitors",
    summary: "Removes single visitors",
    description: "Not a ban: a later sighting brings them back.",
    body: ForgetRequestSchema,
    bodyExample: { visitors: ["203.0.113.9"], channel: "site" },
    answers: {
      200: { description: "How many were there.", schema: ForgetAnswerSchema, example: { forgotten: 1 } },
    },
    problems: [
      "PRESENCE_INVALID_VISITOR",
      "PRESENCE_CHANNEL_NOT_ALLOWED",
      "PRESENCE_STORE_UNAVAILABLE",
      "PRESENCE_STORE_REFUSED",
    ],
  },
  pruneVisitors: {
    method: "POST",
    path: "/v1/online/prune",
    who: "admin",
    tag: "Visitors",
    summary: "Removes expired and invalid visitors",
    description: "Housekeeping in bounded batches; the count is right whether it ran or not.",
    body: PruneRequestSchema,
    isBodyOptional: true,
    bodyExample: { channel: "site", dryRun: true },
    answers: {
      200: {
        description: "What was removed and what still waits.",
        schema: PruneAnswerSchema,
        example: { removed: 41, invalid: 0, remaining: 0, elapsedMs: 7 },
      },
    },
    problems: ["PRESENCE_CHANNEL_NOT_ALLOWED", "PRESENCE_STORE_UNAVAILABLE", "PRESENCE_STORE_REFUSED"],
  },
} as const satisfies Record<string, RouteContract>;
