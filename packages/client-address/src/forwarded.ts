/**
 * One `name=value` of an element, up to its semicolon or the end; it may be empty (RFC 7239, 4). A value without
 * quotes may hold the colons and brackets that some proxies fail to quote.
 */
const PAIR =
  /[ \t]*(?:([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\[^])*)"|([\w!#$%&'*+.^`|~:[\]-]+)))?[ \t]*(?:;|$)/y;

/** An obfuscated port (RFC 7239, 6.3), which is no part of who the client is. */
const OBFUSCATED_PORT = /:_[\w.-]+$/;

/**
 * Where the list element that ends at `end` (exclusive) begins, reading from the right: commas inside quotes do not
 * count. Nothing to the left of the element is looked at, so that a client's unbalanced quote cannot reach into
 * what a proxy appended.
 */
export function quotedElementStart(list: string, end: number): number {
  let isQuoted = false;
  for (let index = end - 1; index >= 0; index -= 1) {
    const char = list[index];
    if (char === '"' && !isEscaped(list, index)) isQuoted = !isQuoted;
    else if (char === "," && !isQuoted) return index + 1;
  }
  return 0;
}

/**
 * The node named by the one `for` parameter of a `Forwarded` element (RFC 7239, 4), without an obfuscated port;
 * `null` where the element is malformed or has none. What it names may still be `unknown` or an obfuscated
 * identifier, which are no addresses.
 */
export function forwardedFor(element: string): string | null {
  let node: string | null = null;
  PAIR.lastIndex = 0;
  do {
    const pair = PAIR.exec(element);
    if (pair === null) return null;
    const [, name, quoted, token] = pair;
    if (name?.toLowerCase() !== "for") continue;
    // A parameter occurs once (RFC 7239, 4). Of two, which one the proxy meant cannot be told.
    if (node !== null) return null;
    node = token ?? quoted?.replaceAll(/\\([^])/g, "$1") ?? "";
  } while (PAIR.lastIndex < element.length);
  return node?.replace(OBFUSCATED_PORT, "") ?? null;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}
