import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { createCounter } from "./counter.ts";
import { type PresenceHandle, withHandle } from "./handle.ts";
import { createMessageRecorder } from "./node-http.ts";
import type { PresenceOptions } from "./options.ts";

/** What is used here of Koa's context; the published types of Koa do not go with those of Express 5. */
export interface KoaContext {
  readonly req: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** For `app.use`, and the handle. */
export type KoaPresence = ((context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>) &
  PresenceHandle;

/**
 * Counts the visitors of a Koa application.
 *
 * @example
 * app.use(presence({ redis: "redis://localhost:6379", trustedProxies: ["loopback"] }));
 *
 * @throws {PresenceError | ClientAddressError | PresenceClientError} for an option that cannot be used.
 */
export function presence<Context extends KoaContext = KoaContext>(
  options: PresenceOptions<Context>,
): KoaPresence {
  const counter = createCounter(options);
  const record = createMessageRecorder(counter);
  return withHandle((context: KoaContext, next: () => Promise<unknown>) => {
    // The application's own type of context is what its Koa makes.
    record(context as Context, context.req);
    return next();
  }, counter);
}

export type * from "./types.ts";
