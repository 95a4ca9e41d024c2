import { expect, it } from "vitest";
import { inOtherWords } from "../src/lib/finding-words.ts";
import { FINDING_WORDS } from "../src/locales/findings-zh-cn.ts";

const FORMAT = {
  number: (value: number) => new Intl.NumberFormat("zh-CN").format(value),
  duration: (ms: number) => `${ms / 60_000} 分钟`,
};

/** A finding of the server in Chinese. */
function chinese(code: string, values: Readonly<Record<string, string | number>>) {
  const template = FINDING_WORDS[code];
  if (template === undefined) throw new Error(`There are no words for ${code}.`);
  return inOtherWords({ values }, template, FORMAT);
}

it("puts the server's figures and names into the words of another language", () => {
  const values = {
    part: 3_000,
    whole: 3_120,
    peers: "10.0.0.7",
    header: "X-Forwarded-For",
    cidrs: "10.0.0.7/32",
  };
  expect(chinese("proxy-not-trusted", values)).toMatchObject({
    detail: "3,120 个请求中有 3,000 个来自 10.0.0.7，它发送了 X-Forwarded-For。",
    remedy: "把 10.0.0.7/32 加入 PRESENCE_TRUSTED_PROXIES。",
  });
});

it("writes a value by the unit in its name", () => {
  expect(chinese("prune-late", { elapsedMs: 420_000 })?.detail).toContain("已超过 7 分钟。");
  expect(chinese("memory-nearly-full", { usedBytes: 99_614_720, maxBytes: 104_857_600 })?.detail).toContain(
    "上限 100 MB，已用 95 MB",
  );
});

it("leaves out what a finding may be without", () => {
  const values = { part: 990, whole: 1_000 };
  expect(chinese("requests-of-one-visitor", values)?.detail).toBe("1,000 个请求中有 990 个来自同一个访客。");
  expect(chinese("requests-of-one-visitor", { ...values, visitor: "203.0.113.9" })?.detail).toBe(
    "1,000 个请求中有 990 个来自同一个访客（203.0.113.9）。",
  );
});

it("takes no text that a value is missing for, nor fills one from what every object has", () => {
  expect(chinese("proxy-not-trusted", { part: 3_000 })).toBeNull();
  expect(inOtherWords({}, { title: "", detail: "{part}", remedy: "" }, FORMAT)).toBeNull();
  const template = { title: "", detail: "{toString}", remedy: "" };
  expect(inOtherWords({ values: {} }, template, FORMAT)).toBeNull();
});

it("does not read a value as a part of the text around it", () => {
  expect(chinese("job-failed", { failures: "prune on api-1: {count} [gone]" })?.detail).toBe(
    "prune on api-1: {count} [gone]。",
  );
});
