import { expect, it } from "vitest";
import { runOf } from "../../src/redis/run-id.ts";

it("is the run itself where all keys are of one server", () => {
  expect(runOf(["abc"])).toBe("abc");
  expect(runOf(["abc", "abc"])).toBe("abc");
});

it("changes with any server, and with who holds what", () => {
  const known = runOf(["a", "b", "b"]);
  expect(known).toHaveLength(40);
  expect(new Set([known, runOf(["a", "b", "c"]), runOf(["b", "a", "b"]), runOf(["a", "a", "b"])]).size).toBe(
    4,
  );
});

it("is empty where a server does not say", () => {
  expect(runOf(["a", ""])).toBe("");
  expect(runOf([])).toBe("");
});
