import { z } from "zod";
import { answerComponents } from "./components.ts";
import type { RouteContract } from "./route.ts";

/** Answer of `GET /openapi.json`. */
export const OpenApiAnswerSchema = z
  .looseObject({ openapi: z.string().describe("`3.1.1`.") })
  .describe("This document.")
  .register(answerComponents, { id: "OpenApi" });

/** The routes that machines read. */
export const machineRoutes = {
  getOpenApi: {
    method: "GET",
    path: "/openapi.json",
    who: "anyone",
    tag: "Machines",
    summary: "This document",
    answers: {
      200: { description: "OpenAPI 3.1.", schema: OpenApiAnswerSchema, example: { openapi: "3.1.1" } },
    },
    problems: [],
  },
  getMetrics: {
    method: "GET",
    path: "/metrics",
    who: "metrics",
    tag: "Machines",
    summary: "Metrics for Prometheus",
    description: "There only with `PRESENCE_METRICS_TOKEN`, or on the listener of `PRESENCE_METRICS_PORT`.",
    answers: {
      200: {
        description: "Prometheus text format.",
        mediaType: "text/plain",
        schema: z.string(),
        example: '# TYPE presence_visitors_online gauge\npresence_visitors_online{channel="site"} 12\n',
      },
    },
    problems: [],
  },
} as const satisfies Record<string, RouteContract>;
