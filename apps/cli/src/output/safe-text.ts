/**
 * A text from outside as a terminal may show it: every byte outside printable ASCII as `\xNN`, so that nothing a
 * visitor or another writer chose can move the cursor, colour the line or pass for something else.
 */
export function safeText(text: string): string {
  // The common case, and by far.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  let safe = "";
  for (const byte of Buffer.from(text, "utf8")) {
    safe +=
      byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return safe;
}

/** What {@link safeText} shows, back as it was: `\xNN` as the bytes they stand for. */
export function originalText(safe: string): string {
  const bytes = safe
    .split(/(\\x[0-9a-fA-F]{2})/)
    .map((part, index) =>
      index % 2 === 1 ? Buffer.from([Number.parseInt(part.slice(2), 16)]) : Buffer.from(part, "utf8"),
    );
  return Buffer.concat(bytes).toString("utf8");
}
