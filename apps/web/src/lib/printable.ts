/**
 * A text that may hold anything, as one may show it: what is outside printable ASCII is written `\xNN` by its
 * bytes, as the command line does, so that nothing hides, reverses or breaks out of its row.
 */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]+/gu, (signs) =>
    [...new TextEncoder().encode(signs)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
  );
}
