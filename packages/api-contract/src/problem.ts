import { z } from "zod";
import { answerComponents } from "./components.ts";
import type { Answered } from "./fields.ts";
import { PROBLEMS, type ProblemCode } from "./problem-codes.ts";

/** The media type of a problem (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** What is wrong with one field of a request. */
export const FieldErrorSchema = z
  .object({
    field: z.string().describe("Query parameter or path in the body: `limit`, `visitors[3]`."),
    message: z.string().describe("What is wrong, completing the sentence «field …»."),
  })
  .register(answerComponents, { id: "FieldError" });

/** Why a request was refused or failed: RFC 9457 problem details. */
export const ProblemSchema = z
  .object({
    type: z.string().describe("`urn:presence:problem:` and the code in lower case."),
    title: z.string().describe("The kind of problem in words, the same for each of its kind."),
    status: z.int().min(400).max(599).describe("The answer's status."),
    detail: z.string().describe("What went wrong this time and what to do about it, for a person."),
    code: z
      .string()
      .regex(/^PRESENCE_[A-Z_]+$/)
      .describe("The stable reason for a program to compare. Unknown ones may come with newer servers."),
    errors: z.array(FieldErrorSchema).optional().describe("The fields that are wrong, where any are."),
  })
  .describe("Why a request was refused or failed (RFC 9457).")
  .register(answerComponents, { id: "Problem" });

/** What is wrong with one field of a request. */
export type FieldError = Answered<typeof FieldErrorSchema>;

/** Why a request was refused or failed; `code` is a {@link ProblemCode} or one of a newer server. */
export type Problem = Answered<typeof ProblemSchema>;

/** The problem a server answers with: `code` gives `type`, `title` and `status`. */
export function createProblem(
  code: ProblemCode,
  detail: string,
  errors?: readonly FieldError[],
): Problem & { readonly code: ProblemCode } {
  const { status, title } = PROBLEMS[code];
  const slug = code.slice("PRESENCE_".length).toLowerCase().replaceAll("_", "-");
  const problem = { type: `urn:presence:problem:${slug}`, title, status, detail, code };
  return errors === undefined ? problem : { ...problem, errors };
}
