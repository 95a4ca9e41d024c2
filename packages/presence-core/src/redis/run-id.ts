import { createHash } from "node:crypto";

/**
 * One text for which run of which server was found behind each of some keys, in their order: it changes whenever
 * one of them was started anew or handed its slots to another, and may have lost what it had acknowledged. The id
 * itself where all keys are of one server; `""` where one does not say.
 */
export function runOf(runs: readonly string[]): string {
  const [first = ""] = runs;
  if (runs.some((run) => run === "")) return "";
  if (runs.every((run) => run === first)) return first;
  return createHash("sha256").update(runs.join(" ")).digest("hex").slice(0, 40);
}
