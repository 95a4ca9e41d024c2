import type { Context } from "koa";
import { refuse } from "./problem.ts";

const EXPOSED_HEADERS = "Presence-Stale, Retry-After";
const PREFLIGHT_SECONDS = 600;

/** Lets pages of every origin read the answer, without credentials. */
export function openToEveryone(ctx: Context): void {
  ctx.set("Access-Control-Allow-Origin", "*");
  ctx.set("Access-Control-Expose-Headers", EXPOSED_HEADERS);
  ctx.set("Cross-Origin-Resource-Policy", "cross-origin");
}

/** Which origins may send heartbeats from a page. */
export interface OriginRule {
  /** Where this server is reached, when known. */
  readonly publicUrl: string | null;
  /** Origins of `PRESENCE_CORS_ORIGINS`. */
  readonly corsOrigins: readonly string[];
}

/**
 * Lets the page that sent the request read the answer, if its origin is this server's or a listed one. A request
 * without `Origin` comes from no page.
 *
 * @throws {ProblemError} 403 `PRESENCE_ORIGIN_NOT_ALLOWED`
 */
export function openToListed(ctx: Context, rule: OriginRule): void {
  ctx.vary("Origin");
  const origin = ctx.get("origin");
  if (origin === "") return;
  if (!isOwnOrigin(ctx, origin, rule) && !rule.corsOrigins.includes(origin)) {
    throw refuse(
      "PRESENCE_ORIGIN_NOT_ALLOWED",
      `Pages of ${printable(origin)} may not count here: add it to PRESENCE_CORS_ORIGINS.`,
      // The page may read why, so that its console can say what to do.
      { headers: { "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" } },
    );
  }
  ctx.set("Access-Control-Allow-Origin", origin);
  ctx.set("Access-Control-Expose-Headers", EXPOSED_HEADERS);
  ctx.set("Cross-Origin-Resource-Policy", "cross-origin");
}

/** Answers a preflight for a JSON POST of a listed origin. */
export function answerPreflight(ctx: Context, rule: OriginRule): void {
  openToListed(ctx, rule);
  ctx.set("Access-Control-Allow-Methods", "POST");
  ctx.set("Access-Control-Allow-Headers", "Content-Type");
  ctx.set("Access-Control-Max-Age", String(PREFLIGHT_SECONDS));
  ctx.set("Allow", "POST, OPTIONS");
  ctx.status = 204;
}

function isOwnOrigin(ctx: Context, origin: string, { publicUrl }: OriginRule): boolean {
  if (origin === publicUrl) return true;
  // Reached by whatever name: the page's origin is the host it sends to. Not behind a proxy that changes Host.
  return URL.canParse(origin) && new URL(origin).host === ctx.get("host").toLowerCase();
}

function printable(origin: string): string {
  return origin.replaceAll(/[^\x21-\x7e]/g, "?").slice(0, 200);
}
