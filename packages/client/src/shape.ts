type Plain<Value> = Value extends string
  ? "string"
  : Value extends number
    ? "number"
    : Value extends boolean
      ? "boolean"
      : Value extends readonly (infer Item)[]
        ? readonly [Item extends object ? Shape<Item> : Plain<Item>]
        : "object";

/**
 * The required fields of `Value` and what they hold, tied to the contract's type by the compiler, so that an
 * answer can be checked without a schema library. A field that may be null ends in `?`; the fields of nested
 * objects are the server's promise.
 */
export type Shape<Value> = {
  readonly [Key in keyof Value as undefined extends Value[Key] ? never : Key]: null extends Value[Key]
    ? `${Extract<Plain<NonNullable<Value[Key]>>, string>}?`
    : Plain<Value[Key]>;
};

/** What a {@link Shape} looks like to a reader that does not know its type. */
export interface AnyShape {
  readonly [field: string]: FieldShape;
}
type FieldShape = string | readonly [FieldShape] | AnyShape;

/** The path of the first field of `value` that is not as `shape` says, or `null` where it fits. */
export function misfit(value: unknown, shape: AnyShape, path = ""): string | null {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return path === "" ? "the answer" : path;
  for (const [key, expected] of Object.entries(shape)) {
    const field = path === "" ? key : `${path}.${key}`;
    const found = fieldMisfit(
      Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
      expected,
      field,
    );
    if (found !== null) return found;
  }
  return null;
}

function fieldMisfit(value: unknown, expected: FieldShape, path: string): string | null {
  if (typeof expected === "string") return isKind(value, expected) ? null : path;
  if (!isList(expected)) return misfit(value, expected, path);
  if (!Array.isArray(value)) return path;
  for (const [index, item] of value.entries()) {
    const found = fieldMisfit(item, expected[0], `${path}[${index}]`);
    if (found !== null) return found;
  }
  return null;
}

function isList(expected: readonly [FieldShape] | AnyShape): expected is readonly [FieldShape] {
  return Array.isArray(expected);
}

function isKind(value: unknown, kind: string): boolean {
  if (value === null) return kind.endsWith("?");
  return typeof value === kind.replace("?", "");
}
