import { canonicalAddress } from "@presence/client-address";
import { type AddressWords, readIpv4, readIpv6 } from "./address-bytes.ts";

/** Reads the address in exactly these bytes, in any notation; false where it is none. */
export function readAddress(bytes: Buffer, start: number, end: number, into: AddressWords): boolean {
  if (readIpv4(bytes, start, end, into) || readIpv6(bytes, start, end, into)) return true;
  // Ports, brackets, zones, dots in IPv6: seldom, so that whoever knows them all may take longer.
  const canonical = canonicalAddress(bytes.toString("latin1", start, end));
  if (canonical === null) return false;
  const text = Buffer.from(canonical, "latin1");
  return readIpv4(text, 0, text.length, into) || readIpv6(text, 0, text.length, into);
}
