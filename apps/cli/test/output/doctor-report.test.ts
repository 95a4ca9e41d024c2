import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { fail, ok, warn } from "../../src/doctor/check.ts";
import { doctorTable, skippedWords } from "../../src/output/doctor-report.ts";

const FOUND = {
  checks: [
    ok("redis", "10.0.0.5 answers in 0.3 ms"),
    warn("identity", "odd", "PRESENCE_TRUSTED_PROXIES=10.0.0.7/32"),
    fail("prune", "last success 14 min ago", "presence-cli prune"),
  ],
  skipped: [{ what: "MongoDB", how: "MONGODB_URL" }],
};

describe("what a doctor says", () => {
  it("is a line a check, what to do below it, and how many went how", () => {
    expect(doctorTable(FOUND, false)).toBe(
      [
        "ok    redis     10.0.0.5 answers in 0.3 ms",
        "warn  identity  odd",
        "      -> PRESENCE_TRUSTED_PROXIES=10.0.0.7/32",
        "FAIL  prune     last success 14 min ago",
        "      -> presence-cli prune",
        "1 failed, 1 warning, 1 ok",
        "",
      ].join("\n"),
    );
  });

  it("has colours only to tell ok from not ok", () => {
    const coloured = doctorTable(FOUND, true);
    expect(coloured).toContain("\u001b[31mFAIL  \u001b[0mprune");
    expect(stripVTControlCharacters(coloured)).toBe(doctorTable(FOUND, false));
  });

  it("counts what is well alone where nothing is wrong", () => {
    expect(doctorTable({ checks: [ok("redis", "fine")], skipped: [] }, false)).toMatch(/\n1 ok\n$/);
    expect(skippedWords({ checks: [], skipped: [] })).toBe("");
  });

  it("says what nobody named", () => {
    expect(skippedWords(FOUND)).toBe("Not looked at, for nobody named it: MongoDB (MONGODB_URL).\n");
  });
});
