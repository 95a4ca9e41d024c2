import { createHash, timingSafeEqual } from "node:crypto";
import type { PublicPart, TokenLists } from "../config.ts";
import { refuse, type ProblemError } from "./problem.ts";

/** Who a token makes its bearer. */
export type Role = "admin" | "ingest" | "read" | "metrics";

/** Options of {@link createAccess}. */
export interface AccessOptions {
  readonly tokens: TokenLists;
  readonly publicParts: readonly PublicPart[];
  /** Any steady clock, in milliseconds. */
  readonly nowMs: () => number;
  /** Wrong tokens a client may send in a minute before it is told to wait. @default 10 */
  readonly maxFailures?: number;
}

/** Decides by bearer token who may do what. */
export interface Access {
  /** Whether this part of the API needs no token. */
  isOpen(part: PublicPart): boolean;
  /**
   * Lets the bearer of a token of one of `roles` pass; an admin passes everywhere.
   *
   * @throws {ProblemError} 401 without or with a wrong token, 403 with one for something else or where none is
   * configured, 429 after too many wrong ones from `client`.
   */
  admit(roles: readonly Role[], authorization: string | undefined, client: string): void;
}

const FAILURE_SPAN_MS = 60_000;
const MAX_REMEMBERED_CLIENTS = 10_000;
const VARIABLE_OF_ROLE: Readonly<Record<Role, string>> = {
  admin: "PRESENCE_ADMIN_TOKENS",
  ingest: "PRESENCE_INGEST_TOKENS",
  read: "PRESENCE_READ_TOKENS",
  metrics: "PRESENCE_METRICS_TOKEN",
};

/** Bearer tokens by role. Tokens are kept and compared as digests, in constant time. */
export function createAccess(options: AccessOptions): Access {
  const { tokens, publicParts, nowMs, maxFailures = 10 } = options;
  const known = (Object.keys(VARIABLE_OF_ROLE) as Role[]).flatMap((role) =>
    tokens[role].map((token) => ({ role, digest: digestOf(token) })),
  );
  const failures = createFailureCounter(nowMs);

  /** The roles of a token; looks at every known one, so that the time says nothing. */
  function rolesOf(token: string): readonly Role[] {
    const digest = digestOf(token);
    return known.filter((entry) => timingSafeEqual(entry.digest, digest)).map((entry) => entry.role);
  }

  return {
    isOpen: (part) => publicParts.includes(part),
    admit(roles, authorization, client) {
      const wanted: readonly Role[] = ["admin", ...roles.filter((role) => role !== "admin")];
      if (!known.some((entry) => wanted.includes(entry.role))) throw noneConfigured(roles);
      const token = bearerToken(authorization);
      if (token === null) throw unauthorized("Send a token: Authorization: Bearer <token>.", "Bearer");
      const found = rolesOf(token);
      if (found.some((role) => wanted.includes(role))) return;
      if (found.length > 0) {
        throw refuse("PRESENCE_FORBIDDEN", `That takes a token of ${variablesOf(wanted)}.`);
      }
      const waitMs = failures.count(client, maxFailures);
      if (waitMs > 0) {
        throw refuse("PRESENCE_TOO_MANY_REQUESTS", "Too many wrong tokens came from your address.", {
          headers: { "Retry-After": String(Math.ceil(waitMs / 1_000)) },
        });
      }
      throw unauthorized("That token is not one of this server's.", 'Bearer error="invalid_token"');
    },
  };
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function bearerToken(authorization: string | undefined): string | null {
  return /^bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? "")?.[1] ?? null;
}

function variablesOf(roles: readonly Role[]): string {
  return roles.map((role) => VARIABLE_OF_ROLE[role]).join(" or ");
}

function noneConfigured(roles: readonly Role[]): ProblemError {
  return refuse(
    "PRESENCE_NO_TOKENS_CONFIGURED",
    `This server has no token for that. Start it with ${variablesOf(roles)} set to a secret of at least 32 characters, such as \`openssl rand -hex 32\` prints.`,
  );
}

function unauthorized(detail: string, challenge: string): ProblemError {
  return refuse("PRESENCE_UNAUTHORIZED", detail, { headers: { "WWW-Authenticate": challenge } });
}

/** Counts failures by client over a minute from the first one; remembers a bounded number of clients. */
function createFailureCounter(nowMs: () => number) {
  const byClient = new Map<string, { sinceMs: number; failures: number }>();

  function forgetOldest(): void {
    for (const client of byClient.keys()) {
      byClient.delete(client);
      return;
    }
  }

  return {
    /** Counts one failure; answers how long to wait where there were more than `max`, else 0. */
    count(client: string, max: number): number {
      const now = nowMs();
      const entry = byClient.get(client);
      if (entry === undefined || now - entry.sinceMs >= FAILURE_SPAN_MS) {
        byClient.delete(client);
        if (byClient.size >= MAX_REMEMBERED_CLIENTS) forgetOldest();
        byClient.set(client, { sinceMs: now, failures: 1 });
        return 0;
      }
      entry.failures += 1;
      return entry.failures > max ? FAILURE_SPAN_MS - (now - entry.sinceMs) : 0;
    },
  };
}
