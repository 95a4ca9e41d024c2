import { z } from "zod";
import { CHANNEL_PATTERN, DEFAULT_CHANNEL, MAX_WINDOW_SECONDS, VISITOR_PATTERN } from "./limits.ts";

/** Everything in `T` readonly, lists and nested objects too. */
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** What a schema of an answer promises, as the caller holds it. */
export type Answered<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

/** What a caller writes in a body: fields that have a default may be left out. */
export type Sent<Schema extends z.ZodType> = DeepReadonly<z.input<Schema>>;

/** What a caller asks in a query: numbers are numbers, fields that have a default may be left out. */
export type Asked<Schema extends z.ZodObject> = {
  readonly [Key in keyof z.input<Schema>]: Key extends keyof z.output<Schema> ? z.output<Schema>[Key] : never;
};

type Issue = { readonly input?: unknown };

function ruled(rule: string): (issue: Issue) => string {
  return ({ input }) => {
    if (input === undefined) return `is required and ${rule}`;
    return Array.isArray(input) ? `is given ${input.length} times; it ${rule}` : rule;
  };
}

/** A text that `pattern` takes whole; `rule` completes the sentence "`field` …". */
export function text(pattern: RegExp, rule: string) {
  return z.string({ error: ruled(rule) }).regex(pattern, { error: rule, abort: true });
}

/** One of `values`, in a query or a body. */
export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: ruled(`must be ${values.join(" or ")}`) });
}

/** A whole number of a JSON body, both bounds included. */
export function wholeNumber(minimum: number, maximum: number) {
  const rule = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .int({ error: ruled(rule) })
    .min(minimum, rule)
    .max(maximum, rule);
}

/**
 * A whole number of a query, both bounds included: plain decimal digits and nothing else, so that `10x`,
 * `1e3`, `+5`, ` 5` and an empty text are errors.
 */
export function wholeNumberText(minimum: number, maximum: number) {
  const rule = `must be a whole number from ${minimum} to ${maximum}`;
  return text(/^(?:0|[1-9]\d{0,9})$/, rule)
    .transform(Number)
    .pipe(wholeNumber(minimum, maximum));
}

/** An instant somebody sends: ISO 8601 with `Z` or an offset. */
export function instantText() {
  const rule = "must be an instant in ISO 8601, like 2026-11-24T12:00:00Z";
  return z.iso.datetime({ offset: true, error: ruled(rule) });
}

/** The channel of a request, {@link DEFAULT_CHANNEL} where none is named. */
export function channelField() {
  const rule = "must be 1 to 128 of a-z 0-9 _ . ~ / : % -, beginning with a letter or a digit";
  return text(CHANNEL_PATTERN, rule)
    .default(DEFAULT_CHANNEL)
    .describe("The channel; `site` where none is named.");
}

/** The window of a query in seconds. */
export function windowField() {
  return wholeNumberText(1, MAX_WINDOW_SECONDS)
    .optional()
    .describe("Window in seconds, 1 to the server's own; the server's own where none is named.");
}

/** A visitor's text in a request. */
export function visitorText() {
  return text(VISITOR_PATTERN, "must be 1 to 64 bytes of printable ASCII without spaces");
}

/** An instant in an answer: ISO 8601 UTC with milliseconds. */
export function instant() {
  return z.iso.datetime();
}

/** A number of things in an answer. */
export function amount() {
  return z.int().nonnegative();
}
