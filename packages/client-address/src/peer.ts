import { UNIX_PEER } from "./address-set.ts";

/** What {@link peerOf} needs of a `net.Socket`. */
export interface PeerSocket {
  readonly remoteAddress?: string | undefined;
}

/**
 * Who is at the other end of a request's socket: its address, `unix` where the server listens on a Unix socket,
 * `undefined` where the connection is gone. A gone TCP connection has no address either, and must not pass for a
 * Unix peer that may be trusted: so the server is asked, not the socket.
 */
export function peerOf(socket: PeerSocket): string | undefined {
  return socket.remoteAddress ?? (isOfUnixServer(socket) ? UNIX_PEER : undefined);
}

function isOfUnixServer(socket: object): boolean {
  const server: unknown = "server" in socket ? socket.server : undefined;
  if (typeof server !== "object" || server === null || !("address" in server)) return false;
  return typeof server.address === "function" && typeof server.address() === "string";
}
