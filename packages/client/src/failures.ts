import type { Problem } from "@presence/api-contract";
import { shown } from "./endpoint.ts";
import { PresenceClientError } from "./errors.ts";
import { misfit } from "./shape.ts";
import { PROBLEM } from "./shapes.ts";

/** A request as messages name it. */
export interface Target {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
}

/** No connection, or it broke. */
export function unreachable({ method, url }: Target, cause: unknown): PresenceClientError {
  const why = reasonOf(cause);
  return new PresenceClientError(`${method} ${shown(url)} cannot be reached${why === "" ? "" : `: ${why}`}`, {
    kind: "unreachable",
    code: "PRESENCE_CLIENT_UNREACHABLE",
    cause,
  });
}

/** No whole answer in time. */
export function timedOut({ method, url }: Target, timeoutMs: number): PresenceClientError {
  return new PresenceClientError(`${method} ${shown(url)} gave no whole answer within ${timeoutMs} ms`, {
    kind: "timeout",
    code: "PRESENCE_CLIENT_TIMEOUT",
  });
}

/** An answer that is none of Presence. */
export function invalidAnswer(
  { method, url }: Target,
  what: string,
  details: { readonly status?: number; readonly cause?: unknown } = {},
): PresenceClientError {
  return new PresenceClientError(`${method} ${shown(url)} answered ${what}: is it a Presence server?`, {
    kind: "invalid-answer",
    code: "PRESENCE_CLIENT_INVALID_ANSWER",
    ...details,
  });
}

/** A status other than those the call takes, with what the server said about it. */
export function refused(target: Target, response: Response, text: string): PresenceClientError {
  const { method, url } = target;
  const { status } = response;
  const retryAfterMs = retryAfterOf(response.headers);
  const waiting = retryAfterMs === null ? {} : { retryAfterMs };
  const problem = readProblem(text);
  if (problem !== null) {
    const fields = (problem.errors ?? []).map(({ field, message }) => ` ${field} ${message}.`);
    const more = fields.length > 1 ? fields.join("") : "";
    return new PresenceClientError(`${method} ${shown(url)} answered ${status}: ${problem.detail}${more}`, {
      kind: status >= 500 ? "failed" : "refused",
      code: problem.code,
      status,
      problem,
      ...waiting,
    });
  }
  if (status >= 500) {
    const message = `${method} ${shown(url)} answered ${status}`;
    return new PresenceClientError(message, {
      kind: "failed",
      code: "PRESENCE_CLIENT_FAILED",
      status,
      ...waiting,
    });
  }
  if (status >= 400) {
    const message = `${method} ${shown(url)} answered ${status}`;
    return new PresenceClientError(message, {
      kind: "refused",
      code: "PRESENCE_CLIENT_REFUSED",
      status,
      ...waiting,
    });
  }
  return invalidAnswer(target, `with status ${status}`, { status });
}

/** A redirect: following it could send a token, or a write as a read, where nobody meant it to go. */
export function redirected({ method, url }: Target, response: Response): PresenceClientError {
  const location = response.headers.get("location");
  const to = location === null ? null : URL.parse(location, url);
  const where = to === null ? "elsewhere" : `to ${shown(to)}`;
  return new PresenceClientError(
    `${method} ${shown(url)} redirects ${where}: use the address it really has`,
    {
      kind: "refused",
      code: "PRESENCE_CLIENT_REDIRECTED",
      status: response.status,
    },
  );
}

function readProblem(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : null;
  } catch {
    // Not JSON: a proxy in front answered with a page of its own. The status says enough.
    return null;
  }
}

function isProblem(value: unknown): value is Problem {
  if (misfit(value, PROBLEM) !== null) return false;
  const { errors } = Object(value);
  return (
    errors === undefined || misfit({ errors }, { errors: [{ field: "string", message: "string" }] }) === null
  );
}

/** How long an answer asks to wait: seconds, or a date held against the server's own clock. */
function retryAfterOf(headers: Headers): number | null {
  const value = headers.get("retry-after");
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const waitMs = Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(waitMs) ? null : Math.max(0, waitMs);
}

/** The innermost reason: fetch says only "fetch failed", and why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
