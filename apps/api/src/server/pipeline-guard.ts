import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** What becomes of a request that came before earlier ones of its connection were answered. */
export type PipelineVerdict = "pass" | "refuse" | "ignore";

/**
 * Judges requests by how many of their connection wait for the answers of earlier ones: at most `max`, the next is to
 * be refused and its connection closed, and those behind it are not looked at. Whoever waits for answers pays nothing.
 */
export function createPipelineGuard(
  max: number,
): (request: IncomingMessage, response: ServerResponse) => PipelineVerdict {
  const waiting = new WeakMap<Socket, number>();

  return ({ socket }, response) => {
    // Node gives a response its socket at once, unless there are others before it.
    if (response.socket !== null) return "pass";
    const before = waiting.get(socket) ?? 0;
    if (before > max) return "ignore";
    waiting.set(socket, before + 1);
    if (before === max) return "refuse";
    response.once("close", () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    return "pass";
  };
}
