import type { IncomingMessage } from "node:http";
import { createCounter } from "./counter.ts";
import { type PresenceHandle, withHandle } from "./handle.ts";
import { createMessageRecorder } from "./node-http.ts";
import type { PresenceOptions } from "./options.ts";

/** For `app.use` of Express and connect, and the handle. */
export type ExpressPresence = ((
  request: IncomingMessage,
  response: unknown,
  next: (error?: unknown) => void,
) => void) &
  PresenceHandle;

/**
 * Counts the visitors of an Express or connect application.
 *
 * @example
 * app.use(presence({ redis: "redis://localhost:6379", trustedProxies: ["loopback"] }));
 *
 * @throws {PresenceError | ClientAddressError | PresenceClientError} for an option that cannot be used.
 */
export function presence<Request extends IncomingMessage = IncomingMessage>(
  options: PresenceOptions<Request>,
): ExpressPresence {
  const counter = createCounter(options);
  const record = createMessageRecorder(counter);
  return withHandle((request: IncomingMessage, _response: unknown, next: (error?: unknown) => void) => {
    // The application's own type of request is what its framework makes.
    record(request as Request, request);
    next();
  }, counter);
}

export type * from "./types.ts";
