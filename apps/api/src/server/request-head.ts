import type { IncomingMessage } from "node:http";

/** What parsers of a path take for something else than a path: a fragment, which nobody sends but by mistake. */
const FRAGMENT = "#";

/**
 * Brings the target of a request into the one form the application knows, a path with a query, and answers what is
 * wrong with a head that the parser took, or `null`.
 */
export function headProblem(request: IncomingMessage): string | null {
  const hosts = countHosts(request.rawHeaders);
  if (hosts > 1 || (hosts === 0 && request.httpVersion !== "1.0")) return "Send one Host header.";
  const path = pathOf(request);
  if (path === null)
    return "The target of a request is a path, or a URL that begins with http:// or https://.";
  request.url = path;
  return null;
}

function pathOf({ method, url = "" }: IncomingMessage): string | null {
  if (url.startsWith("/")) {
    const fragmentAt = url.indexOf(FRAGMENT);
    return fragmentAt === -1 ? url : url.slice(0, fragmentAt);
  }
  if (url === "*") return method === "OPTIONS" ? url : null;
  // As a client sends it to a proxy: whose name it bears does not matter here.
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

/** Names stand at even places, values behind them. */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts;
}
