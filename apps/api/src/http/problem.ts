import { createProblem, type FieldError, type Problem, type ProblemCode } from "@presence/api-contract";

/** Thrown anywhere below the first middleware, answered as RFC 9457 problem details. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.headers = headers;
  }
}

/** A refusal with a code, a sentence for a person, and headers that belong to it. */
export function refuse(
  code: ProblemCode,
  detail: string,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly errors?: readonly FieldError[] } = {},
): ProblemError {
  return new ProblemError(createProblem(code, detail, more.errors), more.headers);
}
