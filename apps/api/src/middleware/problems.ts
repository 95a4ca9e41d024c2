import { PROBLEM_MEDIA_TYPE } from "@presence/api-contract";
import type { Logger } from "@presence/service-kit";
import type { Context, Middleware } from "koa";
import { type DescribedError, describeError } from "../http/describe-error.ts";

/** Turns whatever is thrown below it into problem details; logs what nobody expected, with its stack. */
export function answerProblems(logger: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const described = describeError(error);
      if (described.problem.status === 500)
        logger.error({ err: error, method: ctx.method, path: ctx.path }, "a request failed");
      answerProblem(ctx, described);
    }
  };
}

function answerProblem(ctx: Context, { problem, headers }: DescribedError): void {
  ctx.status = problem.status;
  ctx.body = JSON.stringify(problem);
  ctx.type = PROBLEM_MEDIA_TYPE;
  ctx.set("Cache-Control", "no-store");
  ctx.set(headers);
}
