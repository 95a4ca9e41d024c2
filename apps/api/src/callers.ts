import type { IncomingHttpHeaders } from "node:http";
import {
  createAddressSet,
  groupAddress,
  peerOf,
  type NoVisitorReason,
  type PeerSocket,
  type VisitorReader,
} from "@presence/client-address";
import type { Presence, RefusalReason } from "@presence/core";
import type { Tally } from "./diagnostics/tally.ts";

/** What is looked at of a request. */
export interface CallerRequest {
  readonly socket: PeerSocket;
  readonly headers: IncomingHttpHeaders;
}

/** One household or one server, as far as it is limited: whoever has an IPv6 network has all of its addresses. */
const LIMITED_IPV6_PREFIX = 64;

/** Finds out who sent a request, and records them. */
export interface Callers {
  /** The client's whole canonical address; `null` where there is none to be had. */
  addressOf(request: CallerRequest): string | null;
  /** Whom limits take for one client: an IPv4 address, a /64 network of IPv6, or all without an address. */
  limitedAs(request: CallerRequest): string;
  /** Takes a sighting of the client; answers why not, or `null`. */
  record(request: CallerRequest, channel: string): NoVisitorReason | RefusalReason | null;
}

/** Options of {@link createCallers}. */
export interface CallersOptions {
  readonly presence: Pick<Presence, "record">;
  readonly reader: VisitorReader;
  readonly tally: Tally;
  readonly trustedProxies: readonly string[];
  /** Where a trusted peer says who the client is, in lower case. */
  readonly clientHeader: string;
  /** Told of each request that makes no sighting because it shows nobody who is counted. */
  readonly onNobody?: ((reason: NoVisitorReason) => void) | undefined;
}

/** The one place where a request becomes a sighting. */
export function createCallers(options: CallersOptions): Callers {
  const { presence, reader, tally, clientHeader, onNobody } = options;
  const trusted = createAddressSet(options.trustedProxies);
  let last = { peer: "", isTrusted: false };

  /** Behind a proxy, one peer sends nearly all requests: it is judged once. */
  function isTrusted(peer: string): boolean {
    if (peer !== last.peer) last = { peer, isTrusted: trusted.has(peer) };
    return last.isTrusted;
  }

  const addressOf = ({ socket, headers }: CallerRequest): string | null =>
    reader.addressOf(peerOf(socket), headers);

  return {
    addressOf,
    limitedAs(request) {
      const address = addressOf(request);
      return address === null ? "nobody" : groupAddress(address, LIMITED_IPV6_PREFIX);
    },
    record(request, channel) {
      const { headers } = request;
      const peer = peerOf(request.socket);
      const client = reader.clientOf(peer, headers);
      const reading = reader.ofClient(client, headers["user-agent"]);
      if (client !== null && peer !== undefined && headers[clientHeader] !== undefined && !isTrusted(peer))
        tally.addForwarder(peer, client);
      if (reading.visitor === null) {
        tally.add(client, null, false, reading.reason);
        onNobody?.(reading.reason);
        return reading.reason;
      }
      const { visitor, isBot, replaces } = reading;
      const refusal = presence.record(visitor, { channel, isBot, replaces });
      tally.add(client, visitor, isBot, refusal);
      return refusal;
    },
  };
}
