import { z } from "zod";
import { answerComponents } from "./components.ts";
import type { Answered } from "./fields.ts";
import type { RouteContract } from "./route.ts";

/** Answer of `GET /live`. */
export const LivenessSchema = z
  .object({ status: z.literal("live") })
  .register(answerComponents, { id: "Liveness" });

/** Answer of `GET /ready`. */
export const ReadinessSchema = z
  .object({
    status: z.enum(["ready", "draining"]).describe("`draining`: send no more requests here."),
    store: z
      .enum(["ok", "degraded"])
      .describe("`degraded`: the store is lost; an alert, no reason to take it away."),
  })
  .register(answerComponents, { id: "Readiness" });

/** Answer of `GET /live`. */
export type Liveness = Answered<typeof LivenessSchema>;
/** Answer of `GET /ready`. */
export type Readiness = Answered<typeof ReadinessSchema>;

/** The routes for those that watch the process. */
export const healthRoutes = {
  getLive: {
    method: "GET",
    path: "/live",
    who: "anyone",
    tag: "Health",
    summary: "Whether the process answers; looks at no store",
    answers: {
      200: { description: "It does.", schema: LivenessSchema, example: { status: "live" } },
    },
    problems: [],
  },
  getReady: {
    method: "GET",
    path: "/ready",
    who: "anyone",
    tag: "Health",
    summary: "Whether to send requests here",
    description: "A lost store is told within 2 s as `degraded` and stays 200: the process still answers.",
    answers: {
      200: {
        description: "Configured, listening and not draining.",
        schema: ReadinessSchema,
        example: { status: "ready", store: "ok" },
      },
      503: {
        description: "Draining.",
        schema: ReadinessSchema,
        example: { status: "draining", store: "ok" },
      },
    },
    problems: [],
  },
} as const satisfies Record<string, RouteContract>;
