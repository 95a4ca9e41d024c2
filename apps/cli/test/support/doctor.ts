import { expect } from "vitest";
import type { Check } from "../../src/doctor/check.ts";
import { cli } from "./cli.ts";
import type { TestIoOptions } from "./io.ts";

/** What a doctor said. */
export interface Diagnosis {
  readonly code: number | null;
  readonly failed: number;
  readonly warnings: number;
  readonly ok: number;
  readonly checks: readonly Check[];
  readonly skipped: readonly { readonly what: string; readonly how: string }[];
  /** The checks of one name. */
  of(name: string): readonly Check[];
  /** The names of what is not ok, in order. */
  readonly faults: readonly string[];
}

/** Runs `presence-cli doctor`. Whatever it finds, each fault has its remedy, and one that fails ends it with 1. */
export async function doctor(
  env: NonNullable<TestIoOptions["env"]>,
  ...args: readonly string[]
): Promise<Diagnosis> {
  const { code, stdout, stderr } = await cli(["doctor", "--format", "json", ...args], { env });
  if (stdout === "") throw new Error(stderr);
  const answer: Omit<Diagnosis, "code" | "of" | "faults"> = JSON.parse(stdout);
  const withoutRemedy = answer.checks.filter((check) => check.state !== "ok" && (check.remedy ?? "") === "");
  expect(withoutRemedy).toEqual([]);
  expect(code).toBe(answer.failed > 0 ? 1 : 0);
  return {
    ...answer,
    code,
    of: (name) => answer.checks.filter((check) => check.name === name),
    faults: answer.checks.filter(({ state }) => state !== "ok").map(({ name }) => name),
  };
}
