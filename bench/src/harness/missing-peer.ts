/** A program to compare with that this machine has not, and cannot be given. */
export class MissingPeerError extends Error {
  override name = "MissingPeerError";

  constructor(peer: string, cause: unknown) {
    super(`${peer} is needed for a comparison and cannot be had: ${String(cause)}`, { cause });
  }
}

/** Brings a peer. @throws {MissingPeerError} where that fails: it is never left out. */
export async function bringPeer<T>(peer: string, bring: () => Promise<T>): Promise<T> {
  try {
    return await bring();
  } catch (error) {
    throw new MissingPeerError(peer, error);
  }
}
