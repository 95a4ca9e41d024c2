import { z } from "zod";
import { answerComponents } from "./components.ts";
import { amount, type Answered, instant } from "./fields.ts";
import type { RouteContract } from "./route.ts";

const runFields = {
  at: instant().describe("When it began."),
  by: z.string().describe("The process that ran it."),
  elapsedMs: amount().describe("Milliseconds it took."),
};

/** One run of a job that has ended. */
export const JobRunSchema = z
  .discriminatedUnion("ok", [
    z.object({
      ok: z.literal(true),
      ...runFields,
      result: z.record(z.string(), z.unknown()).describe("What it did, by the job: `removed`, `sampled`, …"),
    }),
    z.object({
      ok: z.literal(false),
      ...runFields,
      error: z.string().describe("Why it failed, in one line."),
    }),
  ])
  .register(answerComponents, { id: "JobRun" });

/** One job that runs by itself. */
export const JobSchema = z
  .object({
    name: z.string().describe("`prune`, `sample` or `retain`."),
    schedule: z.string().describe("How often, in words: `every minute`."),
    lastRun: JobRunSchema.nullable().describe("The latest run that ended; null where there was none."),
    lastSuccessAt: instant().nullable().describe("When it last went well; null where it never did."),
    nextRunAt: instant().nullable().describe("When it is due next; null where nothing runs it."),
  })
  .register(answerComponents, { id: "Job" });

/** Answer of `GET /v1/jobs`. */
export const JobsSchema = z
  .object({
    asOf: instant().describe("The instant the answer is true for."),
    runner: z
      .enum(["in-process", "scheduler", "off"])
      .describe("Who runs them: the API processes, `apps/scheduler`, or nobody."),
    jobs: z.array(JobSchema).describe("Each job, by name."),
  })
  .register(answerComponents, { id: "Jobs" });

/** One run of a job that has ended. */
export type JobRun = Answered<typeof JobRunSchema>;
/** One job that runs by itself. */
export type Job = Answered<typeof JobSchema>;
/** Answer of `GET /v1/jobs`. */
export type Jobs = Answered<typeof JobsSchema>;

/** The route that answers last and next runs. */
export const jobRoutes = {
  getJobs: {
    method: "GET",
    path: "/v1/jobs",
    who: "admin",
    tag: "Operations",
    summary: "Last and next runs",
    answers: {
      200: {
        description: "Each job.",
        schema: JobsSchema,
        example: {
          asOf: "2026-11-24T12:00:30.000Z",
          runner: "in-process",
          jobs: [
            {
              name: "prune",
              schedule: "every minute",
              lastRun: {
                ok: true,
                at: "2026-11-24T12:00:00.004Z",
                by: "api-7f3a",
                elapsedMs: 7,
                result: { removed: 41, invalid: 0, remaining: 0 },
              },
              lastSuccessAt: "2026-11-24T12:00:00.004Z",
              nextRunAt: "2026-11-24T12:01:00.000Z",
            },
          ],
        },
      },
    },
    problems: ["PRESENCE_STORE_UNAVAILABLE", "PRESENCE_STORE_REFUSED"],
  },
} as const satisfies Record<string, RouteContract>;
