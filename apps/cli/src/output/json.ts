/** A value as JSON in ASCII: characters a terminal may act on are escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** {@link asciiJson} as a line. */
export function jsonLine(value: unknown): string {
  return `${asciiJson(value)}\n`;
}
