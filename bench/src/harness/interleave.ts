import type { Measured, VariantResult } from "./figures.ts";

/** One way to do what a question asks about. */
export interface Variant {
  readonly name: string;
  /** Measures it once. The first call of all is a warm-up that counts for nothing. */
  readonly measure: () => Promise<Measured>;
}

/** How often, and who is told. */
export interface InterleaveOptions {
  readonly rounds: number;
  readonly onMeasured: (variant: string, round: number, measured: Measured) => void;
}

/**
 * Measures the variants in turn, round after round, in another order each round: A B C, B C A, C A B. Separate runs
 * of one program differ by half as much again on a shared machine; only what is measured side by side compares.
 */
export async function interleave(
  variants: readonly Variant[],
  { rounds, onMeasured }: InterleaveOptions,
): Promise<readonly VariantResult[]> {
  const measured = new Map<string, Measured[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (let place = 0; place < variants.length; place += 1) {
      const variant = variants[(place + round) % variants.length];
      if (variant === undefined) continue;
      // oxlint-disable-next-line no-await-in-loop
      const figures = await variant.measure();
      if (round === 0) continue;
      measured.get(variant.name)?.push(figures);
      onMeasured(variant.name, round, figures);
    }
  }
  return variants.map(({ name }) => ({ variant: name, rounds: measured.get(name) ?? [] }));
}
