import { isIPv6 } from "node:net";
import type { Facts } from "../facts.ts";
import { type Found, MIN_REQUESTS, partOf } from "../finding.ts";

/** A peer with less than this share of all requests is no proxy in front of the site. */
const MIN_SHARE = 0.1;

const MAX_NAMED = 3;

/**
 * Peers that send a proxy's header and are not believed. Only private and loopback ones are ever named: whoever
 * trusts an address from afar on somebody's word lets that client choose its own.
 */
export function findProxies(facts: Facts): readonly Found[] {
  const hidden = hiddenVisitors(facts);
  return hidden === null ? forwardedFromAfar(facts) : [hidden];
}

/** A private proxy that is not trusted; it explains why all clients look alike, too. */
export function hiddenVisitors({ config, requests: { clients, forwarders } }: Facts): Found | null {
  const proxies = [...forwarders]
    .filter(([, count]) => count >= MIN_REQUESTS && count >= clients * MIN_SHARE)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MAX_NAMED);
  if (proxies.length === 0) return null;
  const count = proxies.reduce((sum, [, ofProxy]) => sum + ofProxy, 0);
  const peers = proxies.map(([peer]) => peer);
  const verb = peers.length === 1 ? "sends" : "send";
  const header = headerName(config.clientHeader);
  const cidrs = peers.map(cidrOf).join(", ");
  return {
    code: "proxy-not-trusted",
    severity: "fail",
    title: "A proxy hides all visitors behind its own address",
    detail: `${partOf(count, clients)} requests came from ${peers.join(", ")}, which ${verb} ${header}.`,
    values: { part: count, whole: clients, peers: peers.join(", "), header, cidrs },
    remedy: `Add ${cidrs} to PRESENCE_TRUSTED_PROXIES.`,
  };
}

function forwardedFromAfar({ config, requests: { clients, forwarded } }: Facts): readonly Found[] {
  if (forwarded < MIN_REQUESTS || forwarded < clients * MIN_SHARE) return [];
  const header = headerName(config.clientHeader);
  return [
    {
      code: "forwarded-not-believed",
      severity: "info",
      title: "Clients claim to send for others, and are not believed",
      detail: `${partOf(forwarded, clients)} requests came with ${header} from addresses that PRESENCE_TRUSTED_PROXIES does not name: each was counted as its sender.`,
      values: { part: forwarded, whole: clients, header },
      remedy:
        "Where clients reach this server directly, nothing: anybody can write such a header. Where a proxy or a CDN stands in front, docs/recipes/ says what to trust.",
    },
  ];
}

function cidrOf(peer: string): string {
  return `${peer}/${isIPv6(peer) ? 128 : 32}`;
}

/** As it is written in documents: `X-Forwarded-For`. */
function headerName(header: string): string {
  return header.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
