import { usageError } from "./errors.ts";
import { quoted } from "./flags.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * The instant that `--since` names, in epoch milliseconds: `24h` before `nowMs`, or `2026-11-24T12:00:00Z`; a
 * date alone is its midnight in UTC.
 *
 * @throws {CliError} for a text that is neither, or no time before now.
 */
export function parseSince(text: string, nowMs: number): number {
  const [, amount, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const fromMs =
    amount !== undefined
      ? nowMs - Number(amount) * (UNIT_MS[unit] ?? 0)
      : INSTANT.test(text)
        ? Date.parse(text)
        : Number.NaN;
  if (fromMs >= 0 && fromMs < nowMs) return fromMs;
  const isKnown = !Number.isNaN(fromMs);
  throw usageError(
    isKnown
      ? `--since must be a time before now and after 1970, not ${quoted(text)}.`
      : `--since must be a time like 90m, 24h, 7d or 4w, or an instant like 2026-11-24T12:00:00Z, not ${quoted(text)}.`,
  );
}
