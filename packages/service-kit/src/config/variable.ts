import type { z } from "zod";

/** One environment variable: how its text becomes a value, and an example that is right. */
export interface Variable<T> {
  /** Parses the text, or `undefined` where the variable is unset or empty. */
  readonly schema: z.ZodType<T>;
  readonly example: string;
  /** Its text never appears in a message. */
  readonly isSecret: boolean;
}

/** Variables by name. */
export type Variables = Readonly<Record<string, Variable<unknown>>>;

/** What the variables of a set parse to. */
export type VariableValues<V> = {
  readonly [Name in keyof V]: V[Name] extends Variable<infer T> ? T : never;
};

/** A variable whose text may be shown in a message. */
export function variable<T>(example: string, schema: z.ZodType<T>): Variable<T> {
  return { schema, example, isSecret: false };
}

/** A variable that holds a password or a token. */
export function secretVariable<T>(example: string, schema: z.ZodType<T>): Variable<T> {
  return { schema, example, isSecret: true };
}
