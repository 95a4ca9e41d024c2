import type { Check, CheckState } from "../doctor/check.ts";
import type { Examination } from "../doctor/examine.ts";
import { jsonLine } from "./json.ts";
import { counted } from "./words.ts";

const WORDS: Readonly<Record<CheckState, string>> = { ok: "ok", warn: "warn", fail: "FAIL" };
const COLOURS: Readonly<Record<CheckState, string>> = { ok: "32", warn: "33", fail: "31" };
const WORD_COLUMNS = 6;

/** A line for each check, what to do below it, and how many went how. */
export function doctorTable({ checks }: Examination, hasColors: boolean): string {
  const nameColumns = Math.max(...checks.map(({ name }) => name.length)) + 2;
  const paint = (state: CheckState): string => {
    const word = WORDS[state].padEnd(WORD_COLUMNS);
    return hasColors ? `\x1b[${COLOURS[state]}m${word}\x1b[0m` : word;
  };
  const lines = checks.flatMap(({ name, state, detail, remedy }) => {
    const line = `${paint(state)}${name.padEnd(nameColumns)}${detail}`;
    return remedy === undefined ? [line] : [line, `${" ".repeat(WORD_COLUMNS)}-> ${remedy}`];
  });
  return `${[...lines, summaryOf(checks)].join("\n")}\n`;
}

/** The same for a program. */
export function doctorJson({ checks, skipped }: Examination, asOfMs: number): string {
  const count = (state: CheckState): number => checks.filter((check) => check.state === state).length;
  return jsonLine({
    asOf: new Date(asOfMs).toISOString(),
    failed: count("fail"),
    warnings: count("warn"),
    ok: count("ok"),
    checks,
    skipped,
  });
}

/** What nobody named, in one sentence; nothing where all was looked at. */
export function skippedWords({ skipped }: Examination): string {
  if (skipped.length === 0) return "";
  return `Not looked at, for nobody named it: ${skipped.map(({ what, how }) => `${what} (${how})`).join("; ")}.\n`;
}

function summaryOf(checks: readonly Check[]): string {
  const count = (state: CheckState): number => checks.filter((check) => check.state === state).length;
  const parts = [
    ...(count("fail") === 0 ? [] : [`${count("fail")} failed`]),
    ...(count("warn") === 0 ? [] : [counted(count("warn"), "warning")]),
    `${count("ok")} ok`,
  ];
  return parts.join(", ");
}
