import { z } from "zod";
import { channelRoutes } from "./channels.ts";
import { diagnosticRoutes } from "./diagnostics.ts";
import { healthRoutes } from "./health.ts";
import { historyRoutes } from "./history.ts";
import { codeOfField } from "./invalid-request.ts";
import { jobRoutes } from "./jobs.ts";
import { machineRoutes } from "./machine.ts";
import { onlineRoutes } from "./online.ts";
import { peakRoutes } from "./peaks.ts";
import type { ProblemCode } from "./problem-codes.ts";
import type { Access, RouteContract } from "./route.ts";
import { sightingRoutes } from "./sightings.ts";
import { streamRoutes } from "./stream.ts";
import { uniqueRoutes } from "./uniques.ts";
import { visitorRoutes } from "./visitors.ts";

/** Every route of the API by its operation id, in the order of the document. */
export const ROUTES = {
  ...onlineRoutes,
  ...streamRoutes,
  ...sightingRoutes,
  ...visitorRoutes,
  ...channelRoutes,
  ...historyRoutes,
  ...peakRoutes,
  ...uniqueRoutes,
  ...diagnosticRoutes,
  ...jobRoutes,
  ...healthRoutes,
  ...machineRoutes,
} as const satisfies Record<string, RouteContract>;

/** The operation id of a route. */
export type OperationId = keyof typeof ROUTES;

/** Every operation id, in the order of the document. */
export const OPERATION_IDS: readonly OperationId[] = Object.keys(ROUTES).filter(isOperationId);

/** Whether `text` is the operation id of a route. */
export function isOperationId(text: string): text is OperationId {
  return Object.hasOwn(ROUTES, text);
}

const TOKEN_PROBLEMS = [
  "PRESENCE_UNAUTHORIZED",
  "PRESENCE_FORBIDDEN",
  "PRESENCE_NO_TOKENS_CONFIGURED",
  "PRESENCE_TOO_MANY_REQUESTS",
] as const satisfies readonly ProblemCode[];

const PROBLEMS_OF_ACCESS: Readonly<Record<Access, readonly ProblemCode[]>> = {
  anyone: [],
  public: TOKEN_PROBLEMS,
  ingest: TOKEN_PROBLEMS,
  admin: TOKEN_PROBLEMS,
  metrics: [
    "PRESENCE_NOT_FOUND",
    "PRESENCE_UNAUTHORIZED",
    "PRESENCE_FORBIDDEN",
    "PRESENCE_TOO_MANY_REQUESTS",
  ],
};

const PROBLEMS_OF_BODY = [
  "PRESENCE_INVALID_REQUEST",
  "PRESENCE_INVALID_JSON",
  "PRESENCE_REQUEST_TIMEOUT",
  "PRESENCE_BODY_TOO_LARGE",
  "PRESENCE_UNSUPPORTED_MEDIA_TYPE",
] as const satisfies readonly ProblemCode[];

/** Every problem a route may answer: its own, and those that its access, query and body bring. */
export function problemsOf(route: RouteContract): readonly ProblemCode[] {
  const codes = new Set<ProblemCode>(["PRESENCE_INTERNAL"]);
  if (route.query !== undefined) codes.add("PRESENCE_INVALID_REQUEST");
  if (route.body !== undefined) for (const code of PROBLEMS_OF_BODY) codes.add(code);
  for (const code of PROBLEMS_OF_ACCESS[route.who]) codes.add(code);
  for (const code of fieldProblems(route)) codes.add(code);
  for (const code of route.problems) codes.add(code);
  return [...codes];
}

function fieldProblems({ query, body }: RouteContract): readonly ProblemCode[] {
  const shapes = [query, body].filter((schema) => schema instanceof z.ZodObject);
  return shapes.flatMap((schema) => Object.keys(schema.shape)).map(codeOfField);
}
