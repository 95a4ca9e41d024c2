import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Io } from "../io.ts";

/** Whether a question can be asked: there is a person on both ends. */
export function canAsk({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTerminal;
}

/** Asks a question that only a clear yes affirms. */
export async function askYesNo({ stdin, stderr }: Io, question: string): Promise<boolean> {
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => void stderr.write(chunk.toString()).then(() => done(), done),
  });
  const lines = createInterface({ input: stdin, output });
  try {
    const closed = Promise.withResolvers<string>();
    lines.once("close", () => closed.resolve(""));
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed.promise]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
