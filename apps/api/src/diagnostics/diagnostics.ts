import type { Diagnostics as DiagnosticsAnswer } from "@presence/api-contract";
import { isoTime, isWriterAlive, type RegisteredWriter, type WriterProfile } from "@presence/core";
import type { Logger } from "@presence/service-kit";
import type { ApiConfig } from "../config.ts";
import type { Facts } from "./facts.ts";
import { createFindingBook, findAll } from "./findings.ts";
import { agrees } from "./findings/writers.ts";
import { type FactSources, gatherFacts } from "./gather-facts.ts";
import { MINUTE_MS } from "./tally.ts";

/** Makes findings of what this process sees of its clients and its store. */
export interface Diagnostics {
  /** Looks at everything now. Answers with the store down, too: that is a finding. */
  look(): Promise<DiagnosticsAnswer>;
  /** Looks now and each minute from now on, until closed, so that the log tells what nobody asks for. */
  start(): { close(): void };
}

/** Options of {@link createDiagnostics}. */
export interface DiagnosticsOptions extends FactSources {
  readonly version: string;
  readonly logger: Logger;
}

export function createDiagnostics(options: DiagnosticsOptions): Diagnostics {
  const { config, presence, observations, version, logger, startedMs } = options;
  const book = createFindingBook({ logger, keepsAddresses: config.identity === "ip" });

  async function look(): Promise<DiagnosticsAnswer> {
    const facts = await gatherFacts(options);
    const { nowMs, store, writer } = facts;
    return {
      asOf: isoTime(nowMs),
      instance: {
        id: writer.id,
        version,
        startedAt: isoTime(startedMs),
        mode: modeOf(config),
        jobs: config.runsJobs ? "in-process" : "off",
      },
      store: {
        name: store.name,
        ready: store.isReady,
        latencyMs: store.latencyMs,
        epoch: store.state?.epoch ?? null,
        since: store.state === null ? null : isoTime(store.state.sinceMs),
        clock: store.clock,
      },
      identity: profileOf(writer),
      writers: facts.writers
        .filter(({ seenMs }) => isWriterAlive(seenMs, nowMs))
        .map((other) => describedWriter(other, writer)),
      recorder: presence.stats(),
      tally: describedTally(facts),
      findings: book.enter(findAll(facts), nowMs),
    };
  }

  /** For the log alone. */
  function lookAside(): void {
    look().catch((error: unknown) => logger.error({ err: error }, "the diagnostics failed"));
  }

  return {
    look,
    start() {
      lookAside();
      const timer = setInterval(() => {
        observations.turn(presence.stats().refused.full);
        lookAside();
      }, MINUTE_MS).unref();
      return { close: () => clearInterval(timer) };
    },
  };
}

function modeOf({ redisUrl, mongodbUrl }: ApiConfig): DiagnosticsAnswer["instance"]["mode"] {
  if (redisUrl === null) return "embedded";
  return mongodbUrl === null ? "redis" : "redis+mongodb";
}

function profileOf({ identity, ipv6Prefix, windowSeconds, shards }: WriterProfile) {
  return { identity, ipv6Prefix, windowSeconds, shards };
}

function describedWriter(writer: RegisteredWriter, own: WriterProfile): DiagnosticsAnswer["writers"][number] {
  const profile = profileOf(writer);
  return { id: writer.id, seenAt: isoTime(writer.seenMs), agrees: agrees(profile, own), profile };
}

function describedTally({ requests, sightings, dropped }: Facts): DiagnosticsAnswer["tally"] {
  const { clients, busiest } = requests;
  const refused = [...requests.refusals.values(), ...sightings.refusals.values()];
  return {
    since: isoTime(requests.sinceMs),
    requests: clients,
    private: requests.private,
    loopback: requests.loopback,
    nobody: requests.nobody,
    untrustedForwarded: requests.forwarded,
    ignored: requests.ignored,
    bots: requests.bots,
    refused: refused.reduce((sum, count) => sum + count, 0),
    dropped,
    busiestShare: busiest === null ? null : busiest.count / clients,
  };
}
