import type { z } from "zod";
import { createProblem, type FieldError, type Problem } from "./problem.ts";
import type { ProblemCode } from "./problem-codes.ts";

/** Most field errors of one problem: a body of 10,000 mistakes needs no answer of that size. */
const MAX_FIELD_ERRORS = 20;
const MAX_FIELD_CHARACTERS = 80;

const CODE_OF_FIELD: Readonly<Record<string, ProblemCode>> = {
  channel: "PRESENCE_INVALID_CHANNEL",
  window: "PRESENCE_INVALID_WINDOW",
  limit: "PRESENCE_INVALID_LIMIT",
  cursor: "PRESENCE_INVALID_CURSOR",
  from: "PRESENCE_INVALID_TIME",
  to: "PRESENCE_INVALID_TIME",
  at: "PRESENCE_INVALID_TIME",
  visitor: "PRESENCE_INVALID_VISITOR",
  visitors: "PRESENCE_INVALID_VISITOR",
  ip: "PRESENCE_INVALID_ADDRESS",
};

/**
 * The problem of a query or body that its schema refused. Its code is that of the field when all mistakes are
 * of one kind (`PRESENCE_INVALID_LIMIT`), else `PRESENCE_INVALID_REQUEST`.
 */
export function invalidRequest(error: z.ZodError): Problem & { readonly code: ProblemCode } {
  const errors = fieldErrors(error);
  const [first] = errors;
  const detail = first === undefined ? "The request is not well formed." : sentence(first);
  return createProblem(codeOfIssues(error.issues), detail, errors);
}

/** The mistakes a schema found, each with the field it is in. */
export function fieldErrors(error: z.ZodError): readonly FieldError[] {
  return error.issues.flatMap(errorsOfIssue).slice(0, MAX_FIELD_ERRORS);
}

/** The code that all of the mistakes share, else `PRESENCE_INVALID_REQUEST`. */
export function codeOfIssues(issues: readonly z.core.$ZodIssue[]): ProblemCode {
  const codes = new Set(issues.map(codeOfIssue));
  const [only] = codes;
  return codes.size === 1 && only !== undefined ? only : "PRESENCE_INVALID_REQUEST";
}

function sentence({ field, message }: FieldError): string {
  return `${field === "" ? "The body" : field} ${message}.`;
}

function codeOfIssue(issue: z.core.$ZodIssue): ProblemCode {
  const [field] = issue.path;
  if (issue.code === "unrecognized_keys" || typeof field !== "string") return "PRESENCE_INVALID_REQUEST";
  return codeOfField(field);
}

/** The code of a mistake in the query parameter or body field `field`. */
export function codeOfField(field: string): ProblemCode {
  const code = Object.hasOwn(CODE_OF_FIELD, field) ? CODE_OF_FIELD[field] : undefined;
  return code ?? "PRESENCE_INVALID_REQUEST";
}

function errorsOfIssue(issue: z.core.$ZodIssue): readonly FieldError[] {
  if (issue.code !== "unrecognized_keys") return [{ field: fieldName(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({ field: fieldName([...issue.path, key]), message: "is not known here" }));
}

function fieldName(path: readonly PropertyKey[]): string {
  let name = "";
  for (const part of path) {
    if (typeof part === "number") name += `[${part}]`;
    else name += name === "" ? String(part) : `.${String(part)}`;
  }
  return name.length > MAX_FIELD_CHARACTERS ? `${name.slice(0, MAX_FIELD_CHARACTERS)}…` : name;
}
