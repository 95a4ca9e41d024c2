import type { Context } from "koa";
import type { PageFile } from "./page-files.ts";

/** For how long a browser keeps a file without asking again. */
export const CACHE = {
  /** Asked each time, and sent only when it has changed. */
  ask: "no-cache",
  /** For files whose name stays when they change. */
  hour: "public, max-age=3600",
  /** For files whose name changes with what is in them. */
  forever: "public, max-age=31536000, immutable",
} as const;

/** Answers with a file: packed where the client takes that, and only when it has another one. */
export function sendFile(ctx: Context, file: PageFile, cache: keyof typeof CACHE): void {
  const gzipped = ctx.acceptsEncodings("gzip", "identity") === "gzip" ? file.gzipped : null;
  ctx.status = 200;
  ctx.set("Cache-Control", CACHE[cache]);
  ctx.set("ETag", `"${file.version}${gzipped === null ? "" : "-gzip"}"`);
  ctx.vary("Accept-Encoding");
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  if (gzipped !== null) ctx.set("Content-Encoding", "gzip");
  ctx.type = file.mediaType;
  ctx.body = gzipped ?? file.body;
}
