export * from "./limits.ts";
export { type DeepReadonly, type Answered, type Asked, type Sent } from "./fields.ts";
export { isProblemCode, PROBLEMS, type ProblemCode, statusOf } from "./problem-codes.ts";
export {
  createProblem,
  type FieldError,
  FieldErrorSchema,
  type Problem,
  PROBLEM_MEDIA_TYPE,
  ProblemSchema,
} from "./problem.ts";
export { fieldErrors, invalidRequest } from "./invalid-request.ts";
export type { Access, AnswerContract, HeaderContract, PublicPart, RouteContract } from "./route.ts";
export * from "./online.ts";
export * from "./stream.ts";
export * from "./visitors.ts";
export * from "./sightings.ts";
export * from "./history.ts";
export * from "./peaks.ts";
export * from "./uniques.ts";
export * from "./channels.ts";
export * from "./diagnostics.ts";
export * from "./jobs.ts";
export * from "./health.ts";
export * from "./machine.ts";
export { isOperationId, OPERATION_IDS, type OperationId, problemsOf, ROUTES } from "./routes.ts";
export { openApiDocument, type OpenApiDocument, type OpenApiOptions } from "./openapi.ts";
export type { JsonSchema } from "./json-schema.ts";
