import { maskAddress } from "./group.ts";
import { hashAddress } from "./hash.ts";
import { memoize } from "./memo.ts";

/** The keys of hashed identity at this moment. */
export interface HashKeys {
  /** At least 16 random bytes. A new key is a new array, never the old one with other bytes. */
  readonly current: Uint8Array;
  /** The key before, only while visitors are moved from it to the current one. */
  readonly previous?: Uint8Array | null;
}

/**
 * How a visitor's text is made of an address: the address itself, its /24 or /48, or a keyed hash. `hashKeys`
 * answers `null` while no key is known, and nobody is counted meanwhile.
 */
export type VisitorIdentity = "ip" | "masked" | { readonly hashKeys: () => HashKeys | null };

/** A visitor's text; `replaces` is the text the same visitor had until the key changed. */
export interface VisitorText {
  readonly visitor: string;
  readonly replaces?: string;
}

/** Makes the text of a group; `null` while there is no key. */
export function createVisitorText(identity: VisitorIdentity): (group: string) => VisitorText | null {
  if (identity === "ip") return (group) => ({ visitor: group });
  if (identity === "masked") return (group) => ({ visitor: maskAddress(group) });
  return createHashedText(identity.hashKeys);
}

function createHashedText(hashKeys: () => HashKeys | null): (group: string) => VisitorText | null {
  let current: Hasher | null = null;
  let previous: Hasher | null = null;
  return (group) => {
    const keys = hashKeys();
    if (keys === null) return null;
    if (current?.key !== keys.current) {
      // Who was hashed with the key before is most likely asked for again while visitors are moved.
      previous = current;
      current = createHasher(keys.current);
    }
    const visitor = current.hash(group);
    if (keys.previous === undefined || keys.previous === null) return { visitor };
    if (previous?.key !== keys.previous) previous = createHasher(keys.previous);
    return { visitor, replaces: previous.hash(group) };
  };
}

interface Hasher {
  readonly key: Uint8Array;
  readonly hash: (group: string) => string;
}

/** A hash costs as much as all else that is done for a request: steady visitors are hashed once a key. */
function createHasher(key: Uint8Array): Hasher {
  return { key, hash: memoize((group) => hashAddress(group, key)) };
}
