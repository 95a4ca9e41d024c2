import type { Middleware } from "koa";

/** Headers of every answer; routes that need others say so themselves. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/** Sets {@link SECURITY_HEADERS} before anything else is answered. */
export function setSecurityHeaders(): Middleware {
  const headers = Object.entries(SECURITY_HEADERS);
  return (ctx, next) => {
    for (const [name, value] of headers) ctx.res.setHeader(name, value);
    return next();
  };
}
