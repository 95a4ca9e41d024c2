import { STATUS_CODES, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createProblem, PROBLEM_MEDIA_TYPE, type Problem, type ProblemCode } from "@presence/api-contract";
import { SECURITY_HEADERS } from "../middleware/security-headers.ts";

/** How long a client that was told to go may keep its side of the connection open, in milliseconds. */
const LINGER_MS = 1_000;

const CODE_OF_PARSER_ERROR: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: "PRESENCE_HEADERS_TOO_LARGE",
  ERR_HTTP_REQUEST_TIMEOUT: "PRESENCE_REQUEST_TIMEOUT",
};

/** What is told to whoever sent something that is no whole request. */
export function brokenRequestProblem({ code }: NodeJS.ErrnoException): Problem {
  return createProblem(
    CODE_OF_PARSER_ERROR[code ?? ""] ?? "PRESENCE_INVALID_REQUEST",
    "That was no HTTP request this server takes.",
  );
}

/** Answers a request in place of the application and closes its connection; breaks off an answer that has begun. */
export function answerProblem(
  response: ServerResponse,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(problem);
  response.writeHead(problem.status, { ...closingHeaders(body), ...headers });
  // Whoever reads the body learns that no more of it comes.
  response.end(body, () => {
    if (!response.req.complete) response.req.destroy();
  });
}

/** Answers on a connection that has brought no request yet, and closes it. */
export function answerConnection(socket: Socket, problem: Problem): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problem);
  const lines = Object.entries(closingHeaders(body)).map(([name, value]) => `${name}: ${value}`);
  socket.end(
    [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ""}`, ...lines, "", body].join("\r\n"),
  );
  // Whoever sends on is not waited for; whoever reads has the answer by then.
  const late = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(late));
}

function closingHeaders(body: string): Readonly<Record<string, string>> {
  return {
    ...SECURITY_HEADERS,
    "Content-Type": PROBLEM_MEDIA_TYPE,
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
  };
}
