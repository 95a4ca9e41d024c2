import type { Io } from "../io.ts";
import { sentence } from "../output/sentence.ts";
import { duration } from "../output/words.ts";

/** Tells a person, once each, that nobody can take sightings and that somebody can again. */
export interface Outage {
  begin(error: Error): void;
  end(): void;
}

/** @param steadyMs A steady clock, in milliseconds. */
export function createOutage({ stderr }: Pick<Io, "stderr">, steadyMs: () => number): Outage {
  let begunMs: number | null = null;
  const say = (text: string): void => void stderr.write(`${text}\n`).catch(() => {});
  return {
    begin(error) {
      if (begunMs !== null) return;
      begunMs = steadyMs();
      say(`${sentence(error.message)} Everything waits until it can be sent.`);
    },
    end() {
      if (begunMs === null) return;
      say(`It can be sent again, after ${duration(steadyMs() - begunMs)}.`);
      begunMs = null;
    },
  };
}
