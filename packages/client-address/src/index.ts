export {
  type Client,
  createClientAddressResolver,
  type ClientAddressOptions,
  type ClientAddressResolver,
} from "./resolver.ts";
export { peerOf, type PeerSocket } from "./peer.ts";
export { canonicalAddress } from "./canonical.ts";
export { groupAddress, maskAddress } from "./group.ts";
export { hashAddress } from "./hash.ts";
export {
  type AddressScope,
  type AddressSet,
  createAddressSet,
  isPrivateAddress,
  scopeOf,
} from "./address-set.ts";
export type { AddressBits } from "./bits.ts";
export { ClientAddressError, type ClientAddressErrorCode } from "./errors.ts";
export {
  createVisitorReader,
  type BotRule,
  type NoVisitorReason,
  type VisitorReader,
  type VisitorReaderOptions,
  type VisitorReading,
} from "./visitor-reader.ts";
export { isOfForm, type VisitorForm } from "./visitor-form.ts";
export type { HashKeys, VisitorIdentity, VisitorText } from "./identity.ts";
