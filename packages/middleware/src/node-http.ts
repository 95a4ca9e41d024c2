import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import { peerOf } from "@presence/client-address";
import type { Counter } from "./counter.ts";

/** Records requests of Node's own servers. */
export type RecordMessage<Request> = (request: Request, message: IncomingMessage) => void;

/**
 * Feeds a counter with what Node's HTTP servers receive, and lets it rest once those servers are closed: there is
 * no other word of an application's end in frameworks that have no hook for it.
 */
export function createMessageRecorder<Request>(counter: Counter<Request>): RecordMessage<Request> {
  const watch = createServerWatch(() => void counter.rest());
  return (request, message) => {
    try {
      watch(message.socket);
      counter.record(request, peerOf(message.socket), message.headers);
    } catch (error) {
      // Something that looks like a message and has no socket, such as a test's own.
      counter.guard.fail("presence", error);
    }
  };
}

/** Calls `onAllClosed` when the last open server behind the sockets it was shown has closed. */
function createServerWatch(onAllClosed: () => void): (socket: object) => void {
  const open = new Set<EventEmitter>();
  let latest: unknown;
  return (socket) => {
    // As every socket that a server accepted has it, though the documentation does not say so.
    const server: unknown = "server" in socket ? socket.server : undefined;
    if (server === latest) return;
    latest = server;
    if (!(server instanceof EventEmitter) || open.has(server)) return;
    open.add(server);
    server.once("close", () => {
      open.delete(server);
      latest = undefined;
      if (open.size === 0) onAllClosed();
    });
  };
}
