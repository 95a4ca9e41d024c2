import type { VariantResult } from "./figures.ts";

/** The result of one variant. @throws {RangeError} where there is none. */
export function resultOf(results: readonly VariantResult[], variant: string): VariantResult {
  const found = results.find((result) => result.variant === variant);
  if (found === undefined) throw new RangeError(`${variant} was not measured`);
  return found;
}
