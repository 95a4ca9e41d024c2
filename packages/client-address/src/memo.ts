/**
 * A function of texts that remembers its last answers. Two generations of at most `half` answers each: the older
 * is dropped whole, so that a stream of new texts costs no more than the function itself, and what is asked for
 * often survives. Texts longer than `maxKeyLength` are never kept.
 */
export function memoize<Answer>(
  answer: (text: string) => Answer,
  { half = 8_192, maxKeyLength = 64 }: { readonly half?: number; readonly maxKeyLength?: number } = {},
): (text: string) => Answer {
  let young = new Map<string, { readonly value: Answer }>();
  let old = new Map<string, { readonly value: Answer }>();

  return (text) => {
    const known = young.get(text);
    if (known !== undefined) return known.value;
    const entry = old.get(text) ?? { value: answer(text) };
    if (text.length > maxKeyLength) return entry.value;
    if (young.size >= half) {
      old = young;
      young = new Map();
    }
    young.set(copyOf(text), entry);
    return entry.value;
  };
}

/** A piece cut from a long header keeps the whole header in memory for as long as it lives; its copy does not. */
function copyOf(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
