import { SAMPLE_EVERY_SECONDS } from "@presence/jobs";
import type { Context } from "koa";

/** Lets caches keep what samples say, where anybody may see it, until there is another sample. */
export function cacheUntilNextSample(ctx: Context, isOpen: boolean): void {
  if (isOpen) ctx.set("Cache-Control", `public, max-age=${SAMPLE_EVERY_SECONDS}`);
}
