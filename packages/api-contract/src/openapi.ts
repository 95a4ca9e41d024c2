import type { z } from "zod";
import { componentSchemas, type JsonSchema, schemaOf } from "./json-schema.ts";
import { createProblem, PROBLEM_MEDIA_TYPE, ProblemSchema } from "./problem.ts";
import { type ProblemCode, PROBLEMS } from "./problem-codes.ts";
import type { Access, AnswerContract, RouteContract } from "./route.ts";
import { OPERATION_IDS, problemsOf, ROUTES } from "./routes.ts";

/** Options of {@link openApiDocument}. */
export interface OpenApiOptions {
  /** Version of the server that answers the document. */
  readonly version: string;
  /** Where clients reach the server, like `https://example.com/presence`. */
  readonly serverUrl: string;
}

/** An OpenAPI 3.1 document, ready for `JSON.stringify`. */
export interface OpenApiDocument {
  readonly openapi: "3.1.1";
  readonly info: JsonSchema;
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly examples: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
}

const TAGS = [
  { name: "Online", description: "How many are online now." },
  { name: "Recording", description: "Saying that somebody is here." },
  { name: "Visitors", description: "Who is online, and removing them." },
  { name: "History", description: "The number's past." },
  { name: "Operations", description: "What an operator asks." },
  { name: "Health", description: "For those that watch the process." },
  { name: "Machines", description: "What machines read." },
] as const;

const SECURITY_SCHEMES = {
  adminToken: { type: "http", scheme: "bearer", description: "One of `PRESENCE_ADMIN_TOKENS`." },
  ingestToken: { type: "http", scheme: "bearer", description: "One of `PRESENCE_INGEST_TOKENS`." },
  readToken: { type: "http", scheme: "bearer", description: "One of `PRESENCE_READ_TOKENS`." },
  metricsToken: { type: "http", scheme: "bearer", description: "`PRESENCE_METRICS_TOKEN`." },
} as const;

const SECURITY: Readonly<Record<Access, readonly Readonly<Record<string, readonly string[]>>[]>> = {
  anyone: [],
  public: [{}, { readToken: [] }, { adminToken: [] }],
  ingest: [{ ingestToken: [] }],
  admin: [{ adminToken: [] }],
  metrics: [{ metricsToken: [] }],
};

const PROBLEM_HEADERS: Readonly<Record<number, JsonSchema>> = {
  401: { "WWW-Authenticate": { description: "`Bearer`.", schema: { type: "string" } } },
  429: retryAfter("Whole seconds to wait before asking again."),
  503: retryAfter("Whole seconds after which it may answer again."),
};

/** The OpenAPI 3.1 document of the whole API, made from `ROUTES`. */
export function openApiDocument({ version, serverUrl }: OpenApiOptions): OpenApiDocument {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operationId of OPERATION_IDS) {
    const route: RouteContract = ROUTES[operationId];
    const operations = (paths[route.path] ??= {});
    operations[route.method.toLowerCase()] = operationOf(operationId, route);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Presence",
      version,
      summary: "Who is online right now, and exactly what that number means.",
      description:
        "Instants are ISO 8601 UTC; durations carry their unit in the name. Answers may gain fields: ignore " +
        "those you do not know. Every refusal is an RFC 9457 problem with a stable `code`.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: serverUrl }],
    tags: TAGS,
    paths,
    components: {
      schemas: componentSchemas(),
      examples: problemExamples(),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

function operationOf(operationId: string, route: RouteContract): JsonSchema {
  return {
    operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: SECURITY[route.who],
    ...(route.query === undefined ? {} : { parameters: parametersOf(route.query) }),
    ...(route.body === undefined ? {} : { requestBody: requestBodyOf(route.body, route) }),
    responses: responsesOf(route),
  };
}

function parametersOf(query: z.ZodObject): readonly JsonSchema[] {
  return Object.entries(query.shape).map(([name, field]: [string, z.ZodType]) => {
    const { description, ...schema } = schemaOf(field, "output");
    return { name, in: "query", description, required: !field.safeParse(undefined).success, schema };
  });
}

function requestBodyOf(body: z.ZodType, route: RouteContract): JsonSchema {
  const content = { schema: schemaOf(body, "input"), example: route.bodyExample };
  return { required: route.isBodyOptional !== true, content: { "application/json": content } };
}

function responsesOf(route: RouteContract): JsonSchema {
  const responses: Record<string, JsonSchema> = {};
  for (const [status, answer] of Object.entries(route.answers)) responses[status] = responseOf(answer);
  for (const [status, codes] of groupByStatus(problemsOf(route)))
    responses[status] ??= problemResponse(status, codes);
  responses["default"] = {
    description: "Any other problem.",
    content: { [PROBLEM_MEDIA_TYPE]: { schema: schemaOf(ProblemSchema, "output") } },
  };
  return responses;
}

function responseOf({ description, schema, mediaType, headers, example }: AnswerContract): JsonSchema {
  const described = Object.entries(headers ?? {}).map(([name, header]) => [
    name,
    { description: header.description, schema: schemaOf(header.schema, "output") },
  ]);
  return {
    description,
    ...(described.length === 0 ? {} : { headers: Object.fromEntries(described) }),
    content: { [mediaType ?? "application/json"]: { schema: schemaOf(schema, "output"), example } },
  };
}

function problemResponse(status: number, codes: readonly ProblemCode[]): JsonSchema {
  const headers = PROBLEM_HEADERS[status];
  const examples = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]);
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join("\n"),
    ...(headers === undefined ? {} : { headers }),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: schemaOf(ProblemSchema, "output"),
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function problemExamples(): Readonly<Record<string, JsonSchema>> {
  const codes = OPERATION_IDS.flatMap((operationId) => problemsOf(ROUTES[operationId]));
  return Object.fromEntries(
    [...new Set(codes)].map((code) => [code, { value: createProblem(code, `${PROBLEMS[code].title}.`) }]),
  );
}

function groupByStatus(codes: readonly ProblemCode[]): ReadonlyMap<number, readonly ProblemCode[]> {
  return Map.groupBy(codes, (code) => PROBLEMS[code].status);
}

function retryAfter(description: string): JsonSchema {
  return { "Retry-After": { description, schema: { type: "string", pattern: "^[0-9]+$" } } };
}
