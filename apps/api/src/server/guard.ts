import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import { createProblem } from "@presence/api-contract";
import { createBodyWatch } from "./body-watch.ts";
import type { ServerLimits } from "./limits.ts";
import { createPipelineGuard } from "./pipeline-guard.ts";
import { answerConnection, answerProblem, brokenRequestProblem } from "./problem-answers.ts";
import { headProblem } from "./request-head.ts";

/** Stands between clients and the application, which sees whole requests of one form alone. */
export interface Guard {
  /** Takes every request, and hands on those the application is to see. */
  readonly take: RequestListener;
  /** Answers what never became a whole request. */
  onBroken(error: NodeJS.ErrnoException, socket: Socket): void;
  /** Ends requests that come too slowly: for somebody to call again and again. */
  check(): void;
}

const TOO_SLOW = createProblem("PRESENCE_REQUEST_TIMEOUT", "The body came too slowly.");

/**
 * A guard before `handle`.
 *
 * @param nowMs Any steady clock, in milliseconds.
 */
export function createGuard(handle: RequestListener, limits: ServerLimits, nowMs: () => number): Guard {
  const bodies = createBodyWatch({
    limits,
    nowMs,
    onSlow: (response) => answerProblem(response, TOO_SLOW),
  });
  const judge = createPipelineGuard(limits.maxPipelined);
  const tooMany = createProblem(
    "PRESENCE_TOO_MANY_REQUESTS",
    `A connection may bring ${limits.maxPipelined} requests before the first of them is answered.`,
  );
  const known = new WeakSet<Socket>();

  return {
    take(request, response) {
      const verdict = judge(request, response);
      if (verdict === "ignore") return;
      known.add(request.socket);
      const wrong = headProblem(request);
      if (wrong !== null) answerProblem(response, createProblem("PRESENCE_INVALID_REQUEST", wrong));
      else if (verdict === "refuse") answerProblem(response, tooMany, { "Retry-After": "1" });
      else {
        bodies.add(request, response);
        handle(request, response);
      }
    },
    onBroken(error, socket) {
      const response = bodies.responseOf(socket);
      if (response !== null) answerProblem(response, brokenRequestProblem(error));
      // What came before is answered or being answered: this would be taken for that answer.
      else if (known.has(socket)) socket.destroy();
      else answerConnection(socket, brokenRequestProblem(error));
    },
    check: () => bodies.check(),
  };
}
