import { z } from "zod";
import { answerComponents } from "./components.ts";
import { amount, type Answered, instant } from "./fields.ts";
import type { RouteContract } from "./route.ts";
import { IdentitySchema } from "./visitors.ts";

/** Something an operator should know, and what to do about it. */
export const FindingSchema = z
  .object({
    code: z
      .string()
      .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/)
      .describe("Stable name of the kind of finding: `proxy-not-trusted`."),
    severity: z.enum(["info", "warn", "fail"]).describe("`fail`: the number is wrong or may soon be."),
    title: z.string().describe("What was found, in one line."),
    detail: z.string().describe("With the figures that show it."),
    remedy: z.string().describe("What to do about it."),
    values: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .describe(
        "The figures and names in `detail` and `remedy`, for programs that say them in other words. A name ends in its unit: `elapsedMs`, `maxBytes`.",
      ),
    sinceAt: instant().describe("When this process first saw it."),
  })
  .register(answerComponents, { id: "Finding" });

/** The process that answers. */
export const InstanceSchema = z
  .object({
    id: z.string().describe("Chosen at start, unique per process."),
    version: z.string().describe("Version of Presence."),
    startedAt: instant().describe("When it started."),
    mode: z.enum(["embedded", "redis", "redis+mongodb"]).describe("Where counts and history live."),
    jobs: z.enum(["in-process", "off"]).describe("Whether this process runs jobs."),
  })
  .register(answerComponents, { id: "Instance" });

/** The store as this process finds it. */
export const StoreStatusSchema = z
  .object({
    name: z.enum(["memory", "redis"]).describe("Its kind."),
    ready: z.boolean().describe("Whether its last word was a good one."),
    latencyMs: z
      .number()
      .nonnegative()
      .nullable()
      .describe("Round trip just now; null where it did not answer."),
    epoch: z.string().nullable().describe("Changes whenever the store lost data."),
    since: instant().nullable().describe("Recording has run without a gap since then; null: nobody records."),
    clock: z
      .object({
        offsetMs: z.number().describe("The store's clock minus this machine's."),
        settled: z.boolean().describe("False after a jump: counts are incomplete until it has settled."),
        roundTripMs: z.number().nonnegative().describe("Round trip of the quickest probe."),
      })
      .describe("How the store's clock was last found."),
  })
  .register(answerComponents, { id: "StoreStatus" });

/** How a process makes a visitor's text and sizes its window; all writers of one set must agree. */
export const IdentityProfileSchema = z
  .object({
    identity: IdentitySchema.describe("How a visitor's text is made of an address."),
    ipv6Prefix: z.int().min(32).max(128).describe("Length of the IPv6 prefix that is one visitor."),
    windowSeconds: z.int().positive().describe("The window in seconds."),
    shards: z.int().positive().describe("Shards per channel."),
  })
  .register(answerComponents, { id: "IdentityProfile" });

/** A process that records into the same store. */
export const WriterSchema = z
  .object({
    id: z.string().describe("Chosen by it at start."),
    seenAt: instant().describe("Its last sign of life."),
    agrees: z.boolean().describe("Whether its profile is that of the answering process."),
    profile: IdentityProfileSchema,
  })
  .register(answerComponents, { id: "Writer" });

/** What the recorder did since start. */
export const RecorderStatusSchema = z
  .object({
    recorded: amount().describe("Sightings taken."),
    coalesced: amount().describe("Of those, merged with one that still waited."),
    flushed: amount().describe("Visitors written to the store."),
    pending: amount().describe("Visitors waiting now."),
    failedFlushes: amount().describe("Flushes the store did not take."),
    refused: z.record(z.string(), amount()).describe("Sightings not taken or lost, by reason."),
  })
  .register(answerComponents, { id: "RecorderStatus" });

/** What this process saw of its clients in the last minutes. */
export const TallySchema = z
  .object({
    since: instant().describe("Begin of the tally: at most ten minutes ago."),
    requests: amount().describe("Requests whose client was looked for."),
    private: amount().describe("Clients with a private address."),
    loopback: amount().describe("Clients with a loopback address."),
    nobody: amount().describe("Requests without a client."),
    untrustedForwarded: amount().describe(
      "Requests that came with a forwarded header from a peer not trusted.",
    ),
    ignored: amount().describe("Requests that `PRESENCE_IGNORE` keeps out."),
    bots: amount().describe("Requests of bots, where they are told apart."),
    refused: amount().describe("Sightings not taken."),
    dropped: amount().describe("Sightings lost because the buffer was full."),
    busiestShare: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe("Share of the busiest visitor; null without any."),
  })
  .register(answerComponents, { id: "Tally" });

/** Answer of `GET /v1/diagnostics`. */
export const DiagnosticsSchema = z
  .object({
    asOf: instant().describe("The instant the answer is true for."),
    instance: InstanceSchema,
    store: StoreStatusSchema,
    identity: IdentityProfileSchema,
    writers: z.array(WriterSchema).describe("All that record into the store, this process included."),
    recorder: RecorderStatusSchema,
    tally: TallySchema,
    findings: z.array(FindingSchema).describe("The worst first; empty when all is well."),
  })
  .describe("How this process is, and what an operator should do about it.")
  .register(answerComponents, { id: "Diagnostics" });

/** Something an operator should know. */
export type Finding = Answered<typeof FindingSchema>;
/** The store as a process finds it. */
export type StoreStatus = Answered<typeof StoreStatusSchema>;
/** A process that records into the same store. */
export type Writer = Answered<typeof WriterSchema>;
/** What a process saw of its clients in the last minutes. */
export type Tally = Answered<typeof TallySchema>;
/** Answer of `GET /v1/diagnostics`. */
export type Diagnostics = Answered<typeof DiagnosticsSchema>;

const profile = { identity: "ip", ipv6Prefix: 64, windowSeconds: 60, shards: 1 } as const;

/** The route that answers findings. */
export const diagnosticRoutes = {
  getDiagnostics: {
    method: "GET",
    path: "/v1/diagnostics",
    who: "admin",
    tag: "Operations",
    summary: "Findings with remedies",
    description: "Answers with the store down too: that is a finding.",
    answers: {
      200: {
        description: "How this process is.",
        schema: DiagnosticsSchema,
        example: {
          asOf: "2026-11-24T12:00:00.000Z",
          instance: {
            id: "api-7f3a",
            version: "0.1.0",
            startedAt: "2026-11-24T08:30:12.000Z",
            mode: "redis",
            jobs: "in-process",
          },
          store: {
            name: "redis",
            ready: true,
            latencyMs: 0.3,
            epoch: "0197f2c0a41b",
            since: "2026-11-24T08:30:12.481Z",
            clock: { offsetMs: -2, settled: true, roundTripMs: 0.2 },
          },
          identity: profile,
          writers: [{ id: "api-7f3a", seenAt: "2026-11-24T11:59:58.000Z", agrees: true, profile }],
          recorder: {
            recorded: 3_120,
            coalesced: 2_800,
            flushed: 320,
            pending: 0,
            failedFlushes: 0,
            refused: { full: 0 },
          },
          tally: {
            since: "2026-11-24T11:50:00.000Z",
            requests: 3_120,
            private: 3_120,
            loopback: 0,
            nobody: 0,
            untrustedForwarded: 3_120,
            ignored: 0,
            bots: 0,
            refused: 0,
            dropped: 0,
            busiestShare: 1,
          },
          findings: [
            {
              code: "proxy-not-trusted",
              severity: "fail",
              title: "A proxy hides all visitors behind its own address",
              detail: "All 3,120 requests came from 10.0.0.7, which sends X-Forwarded-For.",
              remedy: "Add 10.0.0.7/32 to PRESENCE_TRUSTED_PROXIES.",
              values: {
                part: 3_120,
                whole: 3_120,
                peers: "10.0.0.7",
                header: "X-Forwarded-For",
                cidrs: "10.0.0.7/32",
              },
              sinceAt: "2026-11-24T11:50:00.000Z",
            },
          ],
        },
      },
    },
    problems: [],
  },
} as const satisfies Record<string, RouteContract>;
