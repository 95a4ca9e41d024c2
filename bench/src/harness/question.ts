import type { VariantResult } from "./figures.ts";

/** A budget of the design, and what was measured against it. */
export interface Budget {
  readonly what: string;
  /** What it may be at most, or must be at least. */
  readonly bound: { readonly atMost: number } | { readonly atLeast: number };
  readonly measured: number;
  /** Behind the number: `times`, `ms`, `bytes`. */
  readonly unit: string;
}

/** What came of a question. */
export interface Answer {
  readonly results: readonly VariantResult[];
  readonly budgets: readonly Budget[];
  /** The figure that the plot shows, of every variant. */
  readonly plotted: string;
  /** On two logarithmic axes over this figure; bars where it is left out. */
  readonly plottedOver?: string;
  /** What a reader must know to read the figures. */
  readonly notes: readonly string[];
}

/** How thoroughly it is measured. */
export interface Effort {
  readonly rounds: number;
  /** A smoke run: everything starts and measures something, on small data. */
  readonly isQuick: boolean;
  readonly say: (line: string) => void;
}

/** Something to find out. */
export interface Question {
  readonly name: string;
  /** In one sentence, as the report has it. */
  readonly asks: string;
  readonly answer: (effort: Effort) => Promise<Answer>;
}

/** Whether a budget is met. */
export function isMet({ bound, measured }: Budget): boolean {
  return "atMost" in bound ? measured <= bound.atMost : measured >= bound.atLeast;
}
