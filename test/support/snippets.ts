import { read } from "./repository.ts";

/** A block of code in a document. */
export interface Snippet {
  /** What stands behind the opening fence: `nginx`, `sh`. */
  readonly language: string;
  readonly text: string;
}

const FENCED = /^```(\S+)\n(.*?)^```$/gms;

/** The blocks of code below a heading of a document, up to the next one. */
export function snippetsBelow(path: string, heading: string): readonly Snippet[] {
  const sections = read(path).split(/^(?=#{1,6} )/m);
  const section = sections.find((text) => text.split("\n", 1)[0]?.replace(/^#+ /, "") === heading);
  if (section === undefined) throw new Error(`${path} has no heading "${heading}"`);
  return [...section.matchAll(FENCED)].map(([, language = "", text = ""]) => ({ language, text }));
}

/** The one block of `language` below a heading. */
export function snippetBelow(path: string, heading: string, language: string): string {
  const found = snippetsBelow(path, heading).filter((snippet) => snippet.language === language);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`${path} has ${found.length} blocks of ${language} below "${heading}", not one`);
  return only.text;
}

/** `text` with each of `replaced` put in place; all of them must be there, so that a changed document is noticed. */
export function adapted(text: string, replaced: Readonly<Record<string, string>>): string {
  return Object.entries(replaced).reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`"${from}" is not in:\n${result}`);
    return result.replaceAll(from, to);
  }, text);
}

/** The variables that a block of a shell sets. */
export function variablesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^(?:export )?([A-Z_]+)=(\S+)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}
