import { canonicalAddress } from "./canonical.ts";
import { groupAddress, maskAddress } from "./group.ts";
import { isHashedText } from "./hash.ts";

/** How a process makes visitors of addresses. */
export interface VisitorForm {
  readonly identity: "ip" | "masked" | "hashed";
  /** IPv6 clients that share this many bits are one visitor: 32 to 128. */
  readonly ipv6Prefix: number;
}

/**
 * Whether `visitor` is a text that `form` makes. Any other was written by a program with another form, or names
 * somebody whom its sender told apart.
 */
export function isOfForm(visitor: string, { identity, ipv6Prefix }: VisitorForm): boolean {
  if (identity === "hashed") return isHashedText(visitor);
  const slash = visitor.indexOf("/");
  const base = slash === -1 ? visitor : visitor.slice(0, slash);
  if (canonicalAddress(base) !== base) return false;
  const group = groupAddress(base, ipv6Prefix);
  return visitor === (identity === "masked" ? maskAddress(group) : group);
}
