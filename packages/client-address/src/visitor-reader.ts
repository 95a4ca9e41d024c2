import type { IncomingHttpHeaders } from "node:http";
import { formatBits } from "./bits.ts";
import { createVisitorText, type VisitorIdentity, type VisitorText } from "./identity.ts";
import { createIgnoreList } from "./ignore.ts";
import { memoize } from "./memo.ts";
import { type Client, type ClientAddressOptions, createClientFinder } from "./resolver.ts";

/** Options of {@link createVisitorReader}. */
export interface VisitorReaderOptions extends ClientAddressOptions {
  /** @default "ip" */
  readonly identity?: VisitorIdentity;
  /** What becomes of bots: they count like anybody, or as the rule says. @default "include" */
  readonly bots?: "include" | BotRule;
  /** Who is never counted: addresses, CIDRs, `loopback`, `private`, words of user agents. @default none */
  readonly ignore?: readonly string[];
}

/** How bots are known, and what becomes of them. */
export interface BotRule {
  /** `separate`: they are told apart by `isBot` of the reading. `drop`: they are nobody. */
  readonly action: "separate" | "drop";
  /** Whether a user agent is a bot's; its answer is remembered. */
  readonly isBot: (userAgent: string) => boolean;
}

/** A visitor as it may be recorded, or why there is none to record. */
export type VisitorReading =
  | (VisitorText & { readonly isBot: boolean })
  | { readonly visitor: null; readonly reason: NoVisitorReason };

/**
 * `address`: the client has none that can be read. `ignored`: it is never counted. `bot`: it is one, and bots are
 * dropped. `key`: there is no key to hash with yet.
 */
export type NoVisitorReason = "address" | "ignored" | "bot" | "key";

/** Makes visitors of requests, by one set of rules for every surface that records. */
export interface VisitorReader {
  /** The visitor who sent a request. @param peer What {@link peerOf} says of its socket. */
  ofRequest(peer: string | undefined, headers: IncomingHttpHeaders): VisitorReading;
  /** The client who sent a request; `null` where it has no address. With {@link VisitorReader.ofClient}, `ofRequest`. */
  clientOf(peer: string | undefined, headers: IncomingHttpHeaders): Client | null;
  /** The client of an address found elsewhere; `null` where it is none. With `ofClient`, `ofAddress`. */
  clientAt(address: string): Client | null;
  /** The visitor of a client that was found. */
  ofClient(client: Client | null, userAgent?: string): VisitorReading;
  /** The visitor of an address found elsewhere (a log, another service), whose user agent may be unknown. */
  ofAddress(address: string, userAgent?: string): VisitorReading;
  /** A visitor whom somebody else told apart: their text is kept as it is, the user agent is judged alike. */
  ofVisitor(visitor: string, userAgent?: string): VisitorReading;
  /** The whole canonical address of a request's client, not grouped, masked or hashed. */
  addressOf(peer: string | undefined, headers: IncomingHttpHeaders): string | null;
}

/** Longest part of a user agent that is looked at. */
const USER_AGENT_LENGTH = 512;

const PERSON = { isBot: false };

const NOBODY: Readonly<Record<NoVisitorReason, VisitorReading>> = {
  address: { visitor: null, reason: "address" },
  ignored: { visitor: null, reason: "ignored" },
  bot: { visitor: null, reason: "bot" },
  key: { visitor: null, reason: "key" },
};

/**
 * Who is counted, from trusted proxies to identity, ignored clients and bots.
 *
 * @example
 * const reader = createVisitorReader({ trustedProxies: ["loopback"], ignore: ["UptimeRobot"] });
 * const reading = reader.ofRequest(peerOf(request.socket), request.headers);
 * if (reading.visitor !== null) presence.record(reading.visitor, reading);
 *
 * @throws {ClientAddressError} as {@link createClientAddressResolver}, and `PRESENCE_INVALID_IGNORE`.
 */
export function createVisitorReader(options: VisitorReaderOptions = {}): VisitorReader {
  const { identity = "ip", bots = "include", ignore = [] } = options;
  const finder = createClientFinder(options);
  const ignored = createIgnoreList(ignore);
  const textOf = createVisitorText(identity);
  const isAgentRead = ignored.hasWords || bots !== "include";
  const readAgent = memoize(
    (userAgent: string) => ({
      isIgnored: ignored.hasUserAgent(userAgent),
      isBot: bots !== "include" && bots.isBot(userAgent),
    }),
    { maxKeyLength: USER_AGENT_LENGTH },
  );

  /** What a user agent says: not to be counted, or whether it is a bot's. */
  function judge(userAgent: string | undefined): "ignored" | "bot" | { readonly isBot: boolean } {
    if (!isAgentRead || userAgent === undefined) return PERSON;
    const agent = readAgent(userAgent.slice(0, USER_AGENT_LENGTH));
    if (agent.isIgnored) return "ignored";
    return agent.isBot && bots !== "include" && bots.action === "drop" ? "bot" : agent;
  }

  function ofClient(client: Client | null, userAgent?: string): VisitorReading {
    if (client === null) return NOBODY.address;
    if (ignored.hasAddress(client.bits)) return NOBODY.ignored;
    const judgement = judge(userAgent);
    if (typeof judgement === "string") return NOBODY[judgement];
    const text = textOf(client.group);
    if (text === null) return NOBODY.key;
    const { visitor, replaces } = text;
    const { isBot } = judgement;
    return replaces === undefined ? { visitor, isBot } : { visitor, isBot, replaces };
  }

  return {
    ofClient,
    clientOf: (peer, headers) => finder.ofRequest(peer, headers),
    clientAt: (address) => finder.ofText(address),
    ofRequest: (peer, headers) => ofClient(finder.ofRequest(peer, headers), headers["user-agent"]),
    ofAddress: (address, userAgent) => ofClient(finder.ofText(address), userAgent),
    ofVisitor(visitor, userAgent) {
      const judgement = judge(userAgent);
      return typeof judgement === "string" ? NOBODY[judgement] : { visitor, isBot: judgement.isBot };
    },
    addressOf(peer, headers) {
      const client = finder.ofRequest(peer, headers);
      return client === null ? null : formatBits(client.bits);
    },
  };
}
