import { z } from "zod";
import { answerComponents, requestComponents } from "./components.ts";
import { amount, type Answered, channelField, instantText, type Sent, text, visitorText } from "./fields.ts";
import { DEFAULT_CHANNEL, MAX_SIGHTINGS, MAX_SIGHTINGS_BYTES } from "./limits.ts";
import { codeOfIssues } from "./invalid-request.ts";
import { ADDRESS_TEXT_PATTERN, isPlainSighting, USER_AGENT_PATTERN } from "./plain-sighting.ts";
import type { ProblemCode } from "./problem-codes.ts";
import type { RouteContract } from "./route.ts";

const sightingFields = {
  channel: channelField(),
  at: instantText().optional().describe("When; now where it is left out."),
  userAgent: text(USER_AGENT_PATTERN, "must be a text of at most 1024 characters")
    .optional()
    .describe("Tells bots apart, where they are."),
};

const ipField = text(ADDRESS_TEXT_PATTERN, "must be an address").describe(
  "The client's address; the server makes the visitor of it by its own identity.",
);

const AddressSightingSchema = z.strictObject({ ip: ipField, ...sightingFields });

const VisitorSightingSchema = z.strictObject({
  visitor: visitorText().describe("1 to 64 bytes of printable ASCII without spaces, kept as it is."),
  ...sightingFields,
});

/** One sighting of a request: of an address, or of a visitor as the caller tells them apart. */
export const SightingInputSchema = z
  .union([AddressSightingSchema, VisitorSightingSchema], {
    error: "must be an object with either ip or visitor",
  })
  .register(requestComponents, { id: "SightingInput" });

/** Body of `POST /v1/sightings` as callers write it. */
export const SightingsRequestSchema = z
  .strictObject({ sightings: z.array(SightingInputSchema).max(MAX_SIGHTINGS) })
  .describe("Sightings from elsewhere. Sending them again is harmless.")
  .register(requestComponents, { id: "SightingsRequest" });

/**
 * The same body as a server first takes it: each sighting is judged by itself with
 * {@link parseSighting}, so that one mistake refuses one sighting, and their number is held against
 * `MAX_SIGHTINGS` before.
 */
export const SightingsEnvelopeSchema = z.strictObject({
  sightings: z.array(z.unknown(), { error: "must be a list of sightings" }),
});

/** Why a single sighting was not taken. */
export const SIGHTING_REFUSALS = [
  "PRESENCE_INVALID_REQUEST",
  "PRESENCE_INVALID_ADDRESS",
  "PRESENCE_INVALID_VISITOR",
  "PRESENCE_INVALID_CHANNEL",
  "PRESENCE_CHANNEL_NOT_ALLOWED",
  "PRESENCE_TOO_MANY_CHANNELS",
  "PRESENCE_INVALID_TIME",
  "PRESENCE_TIME_IN_FUTURE",
  "PRESENCE_TIME_EXPIRED",
  "PRESENCE_IGNORED",
] as const satisfies readonly ProblemCode[];

/** Answer of `POST /v1/sightings`. */
export const SightingsAnswerSchema = z
  .object({
    accepted: amount().describe("Sightings the store has now."),
    rejected: z
      .array(
        z.object({
          index: amount().describe("Place in the request, from 0."),
          code: z.enum(SIGHTING_REFUSALS).describe("Why it was not taken."),
        }),
      )
      .describe("Those that were not taken, in the order of the request."),
  })
  .register(answerComponents, { id: "SightingsAnswer" });

/** Why a single sighting was not taken. */
export type SightingRefusal = (typeof SIGHTING_REFUSALS)[number];
/** One sighting of a request. */
export type SightingInput = Sent<typeof SightingInputSchema>;
/** Body of `POST /v1/sightings`. */
export type SightingsRequest = Sent<typeof SightingsRequestSchema>;
/** Answer of `POST /v1/sightings`. */
export type SightingsAnswer = Answered<typeof SightingsAnswerSchema>;

/** A sighting whose form is right; addresses, channels and times are for the server to judge. */
export type ParsedSighting = Answered<typeof SightingInputSchema>;

/** What {@link parseSighting} made of an item. */
export type SightingReading =
  | { readonly ok: true; readonly sighting: ParsedSighting }
  | { readonly ok: false; readonly code: SightingRefusal };

/** Reads one item of `sightings`: a sighting of the right form, or the code it is refused with. */
export function parseSighting(item: unknown): SightingReading {
  if (isPlainSighting(item))
    return { ok: true, sighting: { ...item, channel: item.channel ?? DEFAULT_CHANNEL } };
  const isAddress = typeof item === "object" && item !== null && Object.hasOwn(item, "ip");
  const reading = (isAddress ? AddressSightingSchema : VisitorSightingSchema).safeParse(item);
  if (reading.success) return { ok: true, sighting: reading.data };
  const code = codeOfIssues(reading.error.issues);
  return { ok: false, code: isRefusal(code) ? code : "PRESENCE_INVALID_REQUEST" };
}

function isRefusal(code: ProblemCode): code is SightingRefusal {
  return SIGHTING_REFUSALS.some((refusal) => refusal === code);
}

/** The route that takes sightings from elsewhere. */
export const sightingRoutes = {
  recordSightings: {
    method: "POST",
    path: "/v1/sightings",
    who: "ingest",
    tag: "Recording",
    summary: "Records sightings from elsewhere",
    description:
      "Answers only after the store has them. With the store down nothing is kept: send it all again, which " +
      "is harmless.",
    body: SightingsRequestSchema,
    maxBodyBytes: MAX_SIGHTINGS_BYTES,
    bodyExample: {
      sightings: [
        { ip: "203.0.113.9", at: "2026-11-24T11:59:57Z" },
        { visitor: "user-42", channel: "page:/" },
      ],
    },
    answers: {
      200: {
        description: "What was taken and what was not.",
        schema: SightingsAnswerSchema,
        example: { accepted: 1, rejected: [{ index: 1, code: "PRESENCE_CHANNEL_NOT_ALLOWED" }] },
      },
    },
    problems: [
      "PRESENCE_TOO_MANY_SIGHTINGS",
      "PRESENCE_STORE_UNAVAILABLE",
      "PRESENCE_STORE_REFUSED",
      "PRESENCE_BUFFER_FULL",
    ],
  },
} as const satisfies Record<string, RouteContract>;
