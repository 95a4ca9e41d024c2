import { type PresenceErrorCode } from "@presence/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  createProblem,
  isProblemCode,
  type ProblemCode,
  PROBLEMS,
  ProblemSchema,
  statusOf,
} from "../src/index.ts";

describe("a problem", () => {
  it("has all that RFC 9457 asks for, and its stable code", () => {
    expect(createProblem("PRESENCE_NO_TOKENS_CONFIGURED", "Set PRESENCE_ADMIN_TOKENS.")).toEqual({
      type: "urn:presence:problem:no-tokens-configured",
      title: "This server has no token for that",
      status: 403,
      detail: "Set PRESENCE_ADMIN_TOKENS.",
      code: "PRESENCE_NO_TOKENS_CONFIGURED",
    });
  });

  it("carries the fields that are wrong, where any are", () => {
    const errors = [{ field: "limit", message: "must be a whole number from 1 to 1000" }];

    expect(createProblem("PRESENCE_INVALID_LIMIT", "…", errors).errors).toEqual(errors);
  });

  it.each(Object.keys(PROBLEMS).filter(isProblemCode))("%s fits its own schema", (code) => {
    expect(ProblemSchema.parse(createProblem(code, "…"))).toMatchObject({ code, status: statusOf(code) });
  });

  it("knows its codes and no others", () => {
    expect(isProblemCode("PRESENCE_NOT_FOUND")).toBe(true);
    expect(isProblemCode("toString")).toBe(false);
  });

  it("has a status for each code of the core", () => {
    expectTypeOf<PresenceErrorCode>().toExtend<ProblemCode>();
    const code: ProblemCode = "PRESENCE_STORE_UNAVAILABLE" satisfies PresenceErrorCode;
    expect(statusOf(code)).toBe(503);
  });
});
