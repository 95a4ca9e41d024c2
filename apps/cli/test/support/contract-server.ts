import { createServer, type ServerResponse } from "node:http";
import {
  createProblem,
  invalidRequest,
  type OperationId,
  type ProblemCode,
  PROBLEM_MEDIA_TYPE,
  type RouteContract,
  ROUTES,
} from "@presence/api-contract";
import { onTestFinished } from "vitest";

/** What the server answers on one route in place of the contract's example: a body, or a problem. */
export type Staged = { readonly body: unknown } | { readonly problem: ProblemCode; readonly detail: string };

/** A server with every route of the contract. */
export interface ContractServer {
  readonly url: string;
  /** Each request as it came: `GET /v1/peaks?channel=site`. */
  readonly requests: readonly string[];
}

/** Answers as the contract says, with its own examples, unless told otherwise; what it takes it checks too. */
export async function startContractServer(
  staged: Partial<Record<OperationId, Staged>> = {},
): Promise<ContractServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams, search } = new URL(request.url ?? "/", "http://localhost");
    requests.push(`${request.method} ${pathname}${search}`);
    const found = Object.entries(ROUTES).find(
      ([, { method, path }]) => method === request.method && path === pathname,
    );
    if (found === undefined) return refuse(response, "PRESENCE_NOT_FOUND", "There is nothing here.");
    const [id, route] = found as [OperationId, RouteContract];
    const query = route.query?.safeParse(Object.fromEntries(searchParams));
    if (query?.success === false) {
      const { detail } = invalidRequest(query.error);
      return refuse(response, "PRESENCE_INVALID_REQUEST", detail);
    }
    const stage = staged[id] ?? { body: route.answers[200]?.example };
    if ("problem" in stage) return refuse(response, stage.problem, stage.detail);
    const body = route.answers[200]?.schema.parse(stage.body);
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

function refuse(response: ServerResponse, code: ProblemCode, detail: string): void {
  const problem = createProblem(code, detail);
  response.writeHead(problem.status, { "Content-Type": PROBLEM_MEDIA_TYPE }).end(JSON.stringify(problem));
}
