/** What one variant came to in one round: figures by name, each in the unit its name ends with. */
export type Measured = Readonly<Record<string, number>>;

/** All rounds of one variant. */
export interface VariantResult {
  readonly variant: string;
  readonly rounds: readonly Measured[];
}

/** The middle of some values and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws {RangeError} for no values: a figure that was not measured is no zero. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, upper] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (lower === undefined || upper === undefined || min === undefined || max === undefined)
    throw new RangeError("nothing was measured");
  return { median: (lower + upper) / 2, min, max };
}

/** The values of one figure, round by round. @throws {RangeError} where a round has none. */
export function valuesOf({ variant, rounds }: VariantResult, figure: string): readonly number[] {
  return rounds.map((round) => {
    const value = round[figure];
    if (value === undefined || !Number.isFinite(value))
      throw new RangeError(`${variant} has no ${figure} in a round`);
    return value;
  });
}

/**
 * How many times `a` is `b`, round by round: both of a round were measured within seconds, so that a machine whose
 * speed drifts cancels out.
 */
export function ratioOf(a: VariantResult, b: VariantResult, figure: string): Spread {
  const divisors = valuesOf(b, figure);
  return spreadOf(valuesOf(a, figure).map((value, round) => value / (divisors[round] ?? Number.NaN)));
}
