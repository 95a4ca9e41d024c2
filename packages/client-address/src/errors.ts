/** Every reason this package refuses an option or an argument, as a stable text. */
export type ClientAddressErrorCode =
  | "PRESENCE_INVALID_ADDRESS"
  | "PRESENCE_INVALID_ADDRESS_SET"
  | "PRESENCE_INVALID_CLIENT_HEADER"
  | "PRESENCE_INVALID_IPV6_PREFIX"
  | "PRESENCE_INVALID_HASH_KEY"
  | "PRESENCE_INVALID_IGNORE"
  | "PRESENCE_UNSAFE_TRUST";

/** A refusal with a stable {@link ClientAddressErrorCode}; its message names what was refused. */
export class ClientAddressError extends Error {
  override readonly name = "ClientAddressError";
  readonly code: ClientAddressErrorCode;

  constructor(code: ClientAddressErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
