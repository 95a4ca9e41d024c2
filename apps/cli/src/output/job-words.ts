import { grouped } from "./words.ts";

/** What a run did, at a glance: its numbers that are not 0, `removed 41, channels 3`. */
export function resultWords(result: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(result).flatMap(([name, value]) => {
    if (typeof value === "number" && value > 0) return [`${name} ${grouped(value)}`];
    return typeof value === "string" && value !== "" ? [`${name} ${value}`] : [];
  });
  return words.length === 0 ? "nothing to do" : words.join(", ");
}
