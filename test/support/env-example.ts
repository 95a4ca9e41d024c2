import { read } from "./repository.ts";

/** One variable of `.env.example`. */
export interface ExampleVariable {
  readonly name: string;
  /** The default, or an example. */
  readonly value: string;
  /** Whether the words above it say that it has no default. */
  readonly isUnset: boolean;
  /** What stands above it. */
  readonly words: string;
}

/** Every variable of `.env.example`, in its order. Neighbours without a line between them share their words. */
export function exampleVariables(): readonly ExampleVariable[] {
  return read(".env.example")
    .split(/\n{2,}/)
    .flatMap((paragraph) => {
      const lines = paragraph.split("\n");
      const words = lines.flatMap((line) => /^# (.*)/.exec(line)?.[1] ?? []).join(" ");
      return lines.flatMap((line) => {
        const [, name, value] = /^#([A-Z0-9_]+)=(.*)$/.exec(line) ?? [];
        if (name === undefined || value === undefined) return [];
        return [{ name, value, isUnset: words.includes("Not set by default"), words }];
      });
    });
}
