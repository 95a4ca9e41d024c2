/** The channel an element counts on: the one it names, `site` without a name, the page's own for `path`. */
export function channelOf(name: string | null, pathname: string): string {
  if (name !== "path") return name || "site";
  const path = pathname.toLowerCase().replace(/(.)\/$/, "$1");
  // What a channel name has no room for is written as its percent code; names end at 128 characters.
  return `page:${path.replace(/[^a-z0-9_.~/:%-]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`.slice(
    0,
    128,
  );
}
