import type { RegisteredWriter } from "@presence/core";
import type { CliConfig } from "../config.ts";
import { safeText } from "../output/safe-text.ts";
import { counted, duration, timeOfDay } from "../output/words.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** Who records, as the store knows it. */
export interface Recording {
  readonly nowMs: number;
  /** Since when without a gap; `null` where nobody records. */
  readonly sinceMs: number | null;
  /** Those that are alive. */
  readonly writers: readonly RegisteredWriter[];
  readonly windowSeconds: number;
  /** Visitors online by the plain scores, whoever wrote them. */
  readonly online: number;
}

/** Whether somebody records, and whether all that do agree with each other and with this environment. */
export function checkWriters(recording: Recording, config: CliConfig): readonly Check[] {
  const { writers } = recording;
  const [first] = writers;
  return [
    checkRecording(recording),
    ...(first === undefined ? [] : [checkAgreement(writers, first, config)]),
  ];
}

function checkRecording({ nowMs, sinceMs, writers, windowSeconds, online }: Recording): Check {
  if (sinceMs === null || writers.length === 0) {
    return online > 0
      ? warn(
          "recording",
          `${counted(online, "visitor")} online, all from programs that do not say when they record: no count is complete`,
          "nothing, if plain ZADD is meant; an API or the middleware beside them makes counts complete",
        )
      : fail("recording", "nobody records there", "start the API, or the application with the middleware");
  }
  const who = `${counted(writers.length, "process", "processes")} ${writers.length === 1 ? "records" : "record"}`;
  const forMs = nowMs - sinceMs;
  if (forMs >= windowSeconds * 1_000)
    return ok("recording", `${who}, without a gap since ${timeOfDay(sinceMs)}`);
  return warn(
    "recording",
    `${who}, since ${duration(Math.max(0, forMs))}: less than the window, so counts may be too low`,
    `wait ${duration(windowSeconds * 1_000 - forMs)}; if this comes again, something restarts or loses data`,
  );
}

const FIELDS = [
  { field: "identity", variable: "PRESENCE_IDENTITY" },
  { field: "ipv6Prefix", variable: "PRESENCE_IPV6_PREFIX" },
  { field: "windowSeconds", variable: "PRESENCE_WINDOW_SECONDS" },
  { field: "shards", variable: "PRESENCE_SHARDS" },
] as const;

/** Writers that make visitors differently count the same person twice, or not at all. */
function checkAgreement(
  writers: readonly RegisteredWriter[],
  { identity, ipv6Prefix, windowSeconds, shards }: RegisteredWriter,
  config: CliConfig,
): Check {
  for (const { field, variable } of FIELDS) {
    const values = [...new Set(writers.map((writer) => writer[field]))];
    if (values.length > 1) {
      const who = values.map((value) => {
        const { id } = writers.find((writer) => writer[field] === value) ?? { id: "?" };
        return `${value} (${safeText(id)})`;
      });
      return fail(
        "writers",
        `they disagree about ${variable}: ${who.join(", ")}`,
        `set the same ${variable} for all, and restart them`,
      );
    }
    const here = config[field];
    if (here !== undefined && here !== values[0]) {
      return warn(
        "writers",
        `they use ${variable}=${values[0]}, this environment says ${here}`,
        `set ${variable}=${values[0]} here too, or leave it out`,
      );
    }
  }
  return ok(
    "writers",
    `all agree: ${identity}, IPv6 by /${ipv6Prefix}, window ${windowSeconds} s, ${counted(shards, "shard")}`,
  );
}
