import { spreadOf, valuesOf, type VariantResult } from "./figures.ts";
import { readable } from "./plot.ts";

/** Each visitor online asks for something this often, in seconds. */
const REQUEST_EVERY_SECONDS = 10;
/** What a master or a process may be busy with at most, so that a peak and a failover have room. */
const BUSY = 0.5;
/** What a master holds at most, in bytes: half of a machine of 32 GB. */
const MASTER_BYTES = 16e9;
/** A score in milliseconds as decimals and an IPv4 address, as Redis' protocol has them. */
const WIRE_BYTES = "$14\r\n1764075600.123\r\n$13\r\n203.0.113.123\r\n".length;
/** Requests a second that one process of an application answers. */
const APP_REQUESTS_PER_SECOND = 1_000;
const REGISTER_EVERY_SECONDS = 5;
const MOST_SHARDS = 64;
const SIZES = [1e6, 1e7, 1e8, 1e9];

/** The measured costs of one visitor, one request and one process. */
export interface UnitCosts {
  readonly bytesAVisitor: number;
  readonly redisMsPerRequest: number;
  readonly appMsPerRequest: number;
  readonly mirrorMsPerRequest: number;
  /** CPU of Redis for a registration, for each writer that there is. */
  readonly registerMsPerWriter: number;
}

/** What is needed for so many visitors online. */
export interface Sizing {
  readonly visitors: number;
  readonly requestsPerSecond: number;
  readonly redisCores: number;
  readonly memoryGb: number;
  readonly masters: number;
  readonly appCores: number;
  readonly mirrorProcesses: number;
  readonly networkMbPerSecond: number;
  /** Cores of the state's master that all registrations together keep busy. */
  readonly registrationCores: number;
}

/** The unit costs in the results of a run, by question; `null` where one of them was not measured. */
export function unitCosts(results: ReadonlyMap<string, readonly VariantResult[]>): UnitCosts | null {
  const median = (question: string, variant: string, figure: string): number => {
    const found = results.get(question)?.find((result) => result.variant === variant);
    return found === undefined ? Number.NaN : spreadOf(valuesOf(found, figure)).median;
  };
  const app = (variant: string): number => median("recording", variant, "app CPU ms per 1,000") / 1_000;
  const costs = {
    bytesAVisitor: median("memory", "Presence, 1000000", "bytes a visitor"),
    redisMsPerRequest: median("redis-cost", "Presence, 20000 visitors", "Redis CPU ms per 1,000") / 1_000,
    appMsPerRequest: Math.max(0, app("Koa with Presence") - app("bare Koa")),
    mirrorMsPerRequest: median("http", "ANY /mirror/", "CPU ms per 1,000") / 1_000,
    registerMsPerWriter: median("writers", "1000 writers", "Redis CPU ms") / 1_000,
  };
  return Object.values(costs).every((cost) => Number.isFinite(cost)) ? costs : null;
}

/** What `visitors` online at a time take. */
export function sizeFor(visitors: number, costs: UnitCosts): Sizing {
  const requestsPerSecond = visitors / REQUEST_EVERY_SECONDS;
  const redisCores = (requestsPerSecond * costs.redisMsPerRequest) / 1_000;
  const bytes = visitors * costs.bytesAVisitor;
  const writers = requestsPerSecond / APP_REQUESTS_PER_SECOND;
  return {
    visitors,
    requestsPerSecond,
    redisCores,
    memoryGb: bytes / 1e9,
    masters: Math.max(1, Math.ceil(redisCores / BUSY), Math.ceil(bytes / MASTER_BYTES)),
    appCores: (requestsPerSecond * costs.appMsPerRequest) / 1_000,
    mirrorProcesses: Math.ceil((requestsPerSecond * costs.mirrorMsPerRequest) / 1_000 / BUSY),
    networkMbPerSecond: (requestsPerSecond * WIRE_BYTES) / 1e6,
    registrationCores: ((writers / REGISTER_EVERY_SECONDS) * writers * costs.registerMsPerWriter) / 1_000,
  };
}

/** The section of the report on what more visitors than one machine has would take. */
export function sizingSection(costs: UnitCosts): string {
  const rows = SIZES.map((visitors) => sizeFor(visitors, costs)).map((size) =>
    [
      size.visitors,
      size.requestsPerSecond,
      size.redisCores,
      size.memoryGb,
      size.masters,
      size.appCores,
      size.mirrorProcesses,
      size.networkMbPerSecond,
      size.registrationCores,
    ]
      .map(readable)
      .join(" | "),
  );
  const ofOneMaster = (BUSY / (costs.redisMsPerRequest / 1_000)) * REQUEST_EVERY_SECONDS;
  const writersAtHalf = Math.sqrt((BUSY * 1_000 * REGISTER_EVERY_SECONDS) / costs.registerMsPerWriter);
  const ofWriters = writersAtHalf * APP_REQUESTS_PER_SECOND * REQUEST_EVERY_SECONDS;
  const byShards = ofOneMaster * MOST_SHARDS;
  const limits = [
    { at: ofOneMaster, what: "one Redis is half busy with writes: shards over a cluster" },
    {
      at: ofWriters,
      what: `${readable(writersAtHalf)} processes that record keep the state's master half busy with registrations, which grow with their square: record through fewer processes, at \`ANY /mirror/*\` or \`POST /v1/sightings\``,
    },
    {
      at: byShards,
      what: `the ${MOST_SHARDS} shards a channel may have are all half busy: several channels, or fewer sightings of each visitor`,
    },
  ].toSorted((a, b) => a.at - b.at);
  return [
    "## Sizing",
    "",
    "Computed, not measured: the unit costs above times the number of visitors.",
    "",
    "| visitors online | requests/s | cores of Redis | memory, GB | masters | cores of applications | or `/mirror` processes | network to the masters, MB/s | cores for registrations |",
    `|${"---:|".repeat(9)}`,
    ...rows.map((row) => `| ${row} |`),
    "",
    `Unit costs: ${readable(costs.bytesAVisitor)} bytes of Redis a visitor; ${readable(costs.redisMsPerRequest * 1e3)} µs of Redis, ${readable(costs.appMsPerRequest * 1e3)} µs of the application or ${readable(costs.mirrorMsPerRequest * 1e3)} µs of a server process a recorded request; ${WIRE_BYTES} bytes on the wire a sighting; ${readable(costs.registerMsPerWriter * 1e3)} µs of Redis a registration for each process that records.`,
    "",
    "Assumptions:",
    "",
    `- A visitor asks for something every ${REQUEST_EVERY_SECONDS} s, and hardly ever of the same process twice within a flush, so that each request is a write.`,
    `- A master and a server process are at most ${BUSY * 100} % busy and a master holds at most ${MASTER_BYTES / 1e9} GB, which leaves room for a peak, a failover and the copy of a replica. A replica for each master doubles memory and network.`,
    `- A process of an application answers ${APP_REQUESTS_PER_SECOND} requests a second. Costs stay what they are on faster networks; that of a set grows with the logarithm of its size, as \`scale\` shows.`,
    "- A count asks every shard at once: as many commands as shards, each as quick as that of one set; the slowest answer is the count's.",
    "",
    "What breaks first:",
    "",
    ...limits.map(({ at, what }) => `- at ${readable(at)} visitors online ${what};`),
    "- memory never does: it is a small part of what the masters that the writes need have.",
  ].join("\n");
}
