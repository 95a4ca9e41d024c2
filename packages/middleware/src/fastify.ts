import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { peerOf } from "@presence/client-address";
import fastifyPlugin from "fastify-plugin";
import { createCounter } from "./counter.ts";
import { type PresenceHandle, withHandle } from "./handle.ts";
import type { PresenceOptions } from "./options.ts";

/** What is used here of Fastify's request. */
export interface FastifyRequest {
  readonly raw: IncomingMessage;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The route that will answer; its `url` is the pattern, `/users/:id`. */
  readonly routeOptions: { readonly url?: string | undefined };
}

/** What is used here of a Fastify instance. */
export interface FastifyInstance {
  addHook(
    name: "onRequest",
    hook: (request: FastifyRequest, reply: unknown, done: () => void) => void,
  ): unknown;
  addHook(name: "onClose", hook: (instance: unknown, done: () => void) => void): unknown;
}

/** For `app.register`, and the handle. */
export type FastifyPresence = ((instance: FastifyInstance, options: object, done: () => void) => void) &
  PresenceHandle;

/**
 * Counts the visitors of a Fastify application, until its `close`.
 *
 * @example
 * await app.register(presence({ redis: "redis://localhost:6379", trustedProxies: ["loopback"] }));
 *
 * @throws {PresenceError | ClientAddressError | PresenceClientError} for an option that cannot be used.
 */
export function presence<Request extends FastifyRequest = FastifyRequest>(
  options: PresenceOptions<Request>,
): FastifyPresence {
  const counter = createCounter(options);
  const plugin = (instance: FastifyInstance, _options: object, done: () => void): void => {
    instance.addHook("onRequest", (request, _reply, next) => {
      // The application's own type of request is what its Fastify makes.
      counter.record(request as Request, peerOf(request.raw.socket), request.raw.headers);
      next();
    });
    instance.addHook("onClose", (_instance, next) => void counter.rest().then(next));
    done();
  };
  // Not encapsulated: its hooks are those of the instance it is registered on.
  return withHandle(fastifyPlugin(plugin, { fastify: "5.x", name: "@presence/middleware" }), counter);
}

export type * from "./types.ts";
