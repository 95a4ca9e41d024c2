import { z } from "zod";

/** Any text, or `fallback` where there is none. */
export function text(fallback: string): z.ZodType<string> {
  return z.string().default(fallback);
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[], fallback: Word): z.ZodType<Word> {
  const known: readonly string[] = words;
  return z
    .custom<Word>((value) => typeof value === "string" && known.includes(value), {
      error: `must be ${words.join(" or ")}`,
    })
    .default(() => fallback);
}

/** A whole number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number, fallback: number): z.ZodType<number> {
  return wholeNumberText(min, max).default(fallback);
}

/** As {@link wholeNumber}, `null` where there is none. */
export function optionalWholeNumber(min: number, max: number): z.ZodType<number | null> {
  return wholeNumberText(min, max)
    .optional()
    .transform((value) => value ?? null);
}

/** A TCP port; 0 lets the system choose a free one. */
export function port(fallback: number): z.ZodType<number> {
  return wholeNumber(0, 65_535, fallback);
}

/** A text that `check` has nothing to say about; `null` where there is none. `check` answers what is wrong. */
export function optionalText(check: (value: string) => string | null): z.ZodType<string | null> {
  return z
    .string()
    .superRefine((value, context) => report(context, check(value)))
    .optional()
    .transform((value) => value ?? null);
}

/** A text that `check` has nothing to say about. */
export function checkedText(fallback: string, check: (value: string) => string | null): z.ZodType<string> {
  return z
    .string()
    .superRefine((value, context) => report(context, check(value)))
    .default(fallback);
}

/** Texts between commas, spaces around them dropped. `check` answers what is wrong with one, or `null`. */
export function list(
  fallback: readonly string[],
  check: (item: string) => string | null,
  maxItems: number = Number.POSITIVE_INFINITY,
): z.ZodType<readonly string[]> {
  return z
    .string()
    .default(fallback.join(","))
    .transform((value) =>
      value
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    )
    .superRefine((items, context) => {
      if (items.length > maxItems) report(context, `must name at most ${maxItems}`);
      for (const item of items) report(context, check(item));
    });
}

function wholeNumberText(min: number, max: number): z.ZodType<number, string> {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, { error, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error });
}

function report(context: z.RefinementCtx, reason: string | null): void {
  if (reason !== null) context.addIssue({ code: "custom", message: reason });
}
