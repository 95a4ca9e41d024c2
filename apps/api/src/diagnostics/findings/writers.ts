import { canonicalAddress, isOfForm } from "@presence/client-address";
import { isWriterAlive, type RegisteredWriter, type WriterProfile } from "@presence/core";
import type { Facts } from "../facts.ts";
import { figure, type Found, partOf } from "../finding.ts";

const VARIABLES: Readonly<Record<keyof WriterProfile, string>> = {
  identity: "PRESENCE_IDENTITY",
  ipv6Prefix: "PRESENCE_IPV6_PREFIX",
  windowSeconds: "PRESENCE_WINDOW_SECONDS",
  shards: "PRESENCE_SHARDS",
};

const SETTINGS = Object.keys(VARIABLES) as (keyof WriterProfile)[];

/** Whether two writers make the same texts, windows and sets. */
export function agrees(one: WriterProfile, other: WriterProfile): boolean {
  return SETTINGS.every((setting) => one[setting] === other[setting]);
}

/** Whether all who write to the set make the same visitor of one person. */
export function findWriters(facts: Facts): readonly Found[] {
  return [...disagreement(facts), ...foreignVisitors(facts)];
}

function disagreement({ nowMs, writer, writers }: Facts): readonly Found[] {
  const others = writers.filter((other) => isWriterAlive(other.seenMs, nowMs) && !agrees(writer, other));
  if (others.length === 0) return [];
  const differing = SETTINGS.filter((setting) => others.some((other) => other[setting] !== writer[setting]));
  const differences = differing.map((setting) => differenceIn(setting, writer, others));
  const variables = differing.map((setting) => VARIABLES[setting]).join(", ");
  return [
    {
      code: "writers-disagree",
      severity: "fail",
      title: "Processes that record into this store disagree",
      detail: `${figure(others.length)} of ${figure(writers.length)} have another ${differences.map(({ variable, theirs, here }) => `${variable} (${theirs}; here ${here})`).join("; another ")}.`,
      values: {
        part: others.length,
        whole: writers.length,
        variables,
        theirs: differences.map(({ variable, theirs }) => `${variable}=${theirs}`).join(" "),
        here: differences.map(({ variable, here }) => `${variable}=${here}`).join(" "),
      },
      remedy: `Give all of them the same ${variables}.`,
    },
  ];
}

/** Programs that do not register are found by what they write. */
function foreignVisitors({ config, store: { sample } }: Facts): readonly Found[] {
  const foreign = sample.filter((visitor) => !isOfForm(visitor, config));
  if (foreign.length === 0) return [];
  const hasAddresses = foreign.some((visitor) => canonicalAddress(visitor) !== null);
  return [
    {
      code: "visitors-of-another-form",
      // Names that a sender gives are another form by choice; addresses are the same people counted twice.
      severity: hasAddresses ? "warn" : "info",
      title: "Some visitors have another form than this server gives them",
      detail: `${partOf(foreign.length, sample.length)} visitors seen last are none that PRESENCE_IDENTITY=${config.identity} with PRESENCE_IPV6_PREFIX=${config.ipv6Prefix} makes.`,
      values: {
        part: foreign.length,
        whole: sample.length,
        identity: config.identity,
        ipv6Prefix: config.ipv6Prefix,
      },
      remedy: hasAddresses
        ? "Another program writes addresses to the same set: to share it, set PRESENCE_IDENTITY=ip and PRESENCE_IPV6_PREFIX=128."
        : "Nothing where they were named on purpose, in /v1/sightings or by another program.",
    },
  ];
}

function differenceIn(
  setting: keyof WriterProfile,
  own: WriterProfile,
  others: readonly RegisteredWriter[],
): { readonly variable: string; readonly theirs: string; readonly here: string } {
  const values = new Set(others.map((other) => other[setting]).filter((value) => value !== own[setting]));
  return { variable: VARIABLES[setting], theirs: [...values].join(", "), here: String(own[setting]) };
}
