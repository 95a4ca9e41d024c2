/**
 * The token of the link that the server prints at start (`#token=…`). It is in the fragment, so that no
 * server's log has it, and leaves the address bar and the history with this call.
 */
export function takeLinkToken(location: Location, history: History): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}
