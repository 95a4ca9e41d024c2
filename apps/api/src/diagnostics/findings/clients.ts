import type { Facts } from "../facts.ts";
import { counted, type Found, MIN_REQUESTS, partOf } from "../finding.ts";
import type { TallySummary } from "../tally.ts";
import { hiddenVisitors } from "./proxies.ts";

/** Where nearly all clients are alike, something stands in front of them. */
const NEARLY_ALL = 0.9;

/** One person who looks around makes fewer requests in ten minutes. */
const MIN_OF_ONE_VISITOR = 200;

/** A share of clients without an address that is no accident any more. */
const MANY_WITHOUT_ADDRESS = 0.01;

/** What clients' addresses say about how this server is reached. */
export function findClients(facts: Facts): readonly Found[] {
  const { requests, sightings } = facts;
  const [private_, alone] = [clientsPrivate(requests), oneVisitor(facts, requests, "request")];
  // The proxy explains both, and says what to do.
  const ofRequests = hiddenVisitors(facts) === null ? [private_ ?? alone] : [];
  const found = [
    ...ofRequests,
    requestsWithoutAddress(requests),
    sightingsPrivate(sightings) ?? oneVisitor(facts, sightings, "sighting"),
    sightingsWithoutAddress(sightings),
  ];
  return found.filter((finding) => finding !== null && finding !== undefined);
}

function clientsPrivate({ clients, private: fromInside, loopback }: TallySummary): Found | null {
  if (!isNearlyAll(fromInside + loopback, clients, MIN_REQUESTS)) return null;
  if (loopback >= clients * NEARLY_ALL) {
    return {
      code: "clients-loopback",
      severity: "info",
      title: "All visitors come from this machine",
      detail: `${partOf(loopback, clients)} requests came from a loopback address.`,
      values: { part: loopback, whole: clients },
      remedy:
        "Nothing while you try it out. With a proxy on this machine: let it send X-Forwarded-For, and set PRESENCE_TRUSTED_PROXIES=loopback.",
    };
  }
  return {
    code: "clients-private",
    severity: "warn",
    title: "All visitors have private addresses",
    detail: `${partOf(fromInside + loopback, clients)} requests came from private addresses.`,
    values: { part: fromInside + loopback, whole: clients },
    remedy:
      "On an intranet, nothing. Else a proxy or a container network stands in front and does not say who its clients are: let it send X-Forwarded-For, and name it in PRESENCE_TRUSTED_PROXIES.",
  };
}

function sightingsPrivate({ clients, private: fromInside, loopback }: TallySummary): Found | null {
  if (!isNearlyAll(fromInside + loopback, clients, MIN_OF_ONE_VISITOR)) return null;
  return {
    code: "sightings-private",
    severity: "warn",
    title: "All addresses sent to /v1/sightings are private",
    detail: `${partOf(fromInside + loopback, clients)} addresses were private ones.`,
    values: { part: fromInside + loopback, whole: clients },
    remedy:
      "On an intranet, nothing. Else the sender's log has its proxy's address where the client's should be: let it log the client (nginx: the realip module).",
  };
}

function oneVisitor(
  { config }: Facts,
  { clients, busiest }: TallySummary,
  what: "request" | "sighting",
): Found | null {
  if (busiest === null || !isNearlyAll(busiest.count, clients, MIN_OF_ONE_VISITOR)) return null;
  const isAddress = config.identity === "ip";
  const who = isAddress ? busiest.visitor : "one visitor";
  return {
    code: `${what}s-of-one-visitor`,
    severity: "warn",
    title: `One visitor makes nearly all ${what}s`,
    detail: `${partOf(busiest.count, clients)} ${what}s are of ${who}.`,
    values: {
      part: busiest.count,
      whole: clients,
      // The dashboard's other languages do without it.
      ...(isAddress ? { visitor: busiest.visitor } : {}),
    },
    remedy:
      "A monitor or a load balancer's check belongs into PRESENCE_IGNORE. A proxy that is counted itself has to say who its clients are, and be named in PRESENCE_TRUSTED_PROXIES.",
  };
}

function requestsWithoutAddress({ clients, nobody }: TallySummary): Found | null {
  if (nobody < MIN_REQUESTS || nobody < clients * MANY_WITHOUT_ADDRESS) return null;
  return {
    code: "requests-without-address",
    severity: "warn",
    title: "Requests come from nobody",
    detail: `${partOf(nobody, clients)} requests had no client address, and were not counted.`,
    values: { part: nobody, whole: clients },
    remedy:
      "Clients that hang up at once have none. Many of them: look at what stands in front of this server.",
  };
}

function sightingsWithoutAddress({ refusals }: TallySummary): Found | null {
  const refused = refusals.get("PRESENCE_INVALID_ADDRESS") ?? 0;
  if (refused === 0) return null;
  return {
    code: "sightings-without-address",
    severity: "warn",
    title: "What is sent to /v1/sightings as an address is none",
    detail: `${counted(refused, "sighting was", "sightings were")} refused with PRESENCE_INVALID_ADDRESS.`,
    values: { count: refused },
    remedy: "Look at what the sender puts into ip: a host name, a dash or a list of addresses is none.",
  };
}

function isNearlyAll(part: number, whole: number, minimum: number): boolean {
  return whole >= minimum && part >= whole * NEARLY_ALL;
}
