import type { Finding } from "@presence/api-contract";

/**
 * A finding in another language than the server's: `{name}` stands for one of its `values`; what is in square brackets
 * is left out where the finding has no such value.
 */
export interface FindingTemplate {
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
}

/** How values are written in a language. */
export interface ValueFormat {
  readonly number: (value: number) => string;
  readonly duration: (ms: number) => string;
}

const PLACEHOLDER = /\{(\w+)\}/g;
const BYTES_PER_MB = 1_048_576;

/** The names of the values that a text has room for; those it cannot do without unless `all` are asked for. */
export function placeholdersOf(text: string, which: "needed" | "all" = "all"): readonly string[] {
  const judged = which === "all" ? text : text.replaceAll(/\[[^\]]*\]/g, "");
  return [...judged.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
}

/**
 * The finding in the words of `template`; `null` where a value is missing, as from a server that is older than this
 * page in a rolling upgrade: its own words say more then than a text with holes.
 */
export function inOtherWords(
  { values = {} }: Partial<Pick<Finding, "values">>,
  template: FindingTemplate,
  format: ValueFormat,
): FindingTemplate | null {
  const isKnown = (name: string) => Object.hasOwn(values, name);
  const texts = [template.detail, template.remedy];
  if (!texts.flatMap((text) => placeholdersOf(text, "needed")).every(isKnown)) return null;

  const fill = (text: string) =>
    text
      .replaceAll(/\[([^\]]*)\]/g, (_all, part: string) => (placeholdersOf(part).every(isKnown) ? part : ""))
      .replaceAll(PLACEHOLDER, (_all, name: string) => written(name, values[name] ?? "", format));
  return { title: template.title, detail: fill(template.detail), remedy: fill(template.remedy) };
}

/** A value by the unit at the end of its name. */
function written(name: string, value: string | number, { number, duration }: ValueFormat): string {
  if (typeof value === "string") return value;
  if (name.endsWith("Ms")) return duration(value);
  if (name.endsWith("Bytes")) return `${number(Math.round((value / BYTES_PER_MB) * 10) / 10)} MB`;
  return number(value);
}
