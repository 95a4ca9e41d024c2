import { setTimeout as delay } from "node:timers/promises";
import { isoTime } from "@presence/core";
import type { ReshardStatus, Resharding } from "@presence/core/redis";
import type { Invocation } from "../command.ts";
import { readConfig } from "../config.ts";
import { EXIT, type ExitCode, usageError } from "../errors.ts";
import { choiceFlag, hasFlag, parseWhole } from "../flags.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../output/json.ts";
import { counted, timeOfDay } from "../output/words.ts";
import { choosePlace } from "../source/place.ts";
import { openStore } from "../source/store/open-store.ts";

const MAX_SHARDS = 64;

/** How often it is looked how far a change has come, in milliseconds. */
const LOOK_EVERY_MS = 500;

/** `presence-cli reshard` */
export async function runReshard({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json"]);
  const isCancel = hasFlag(flags, "cancel");
  const [operand] = flags.operands;
  if (operand !== undefined && isCancel) throw usageError("--cancel takes no number of shards.");
  const shards = operand === undefined ? null : parseWhole("shards", operand, { min: 1, max: MAX_SHARDS });
  const config = readConfig(io.env);
  const place = choosePlace(flags, config);
  if (place.kind === "api") {
    throw usageError("Shards are changed in Redis itself: name it with --redis-url or REDIS_URL.");
  }
  const { store, close } = await openStore(place, { ...config, shards: undefined }, io);
  try {
    const { resharding } = store;
    if (isCancel) await resharding.cancel();
    else if (shards !== null) await resharding.begin(shards);
    if (shards !== null && !hasFlag(flags, "detach")) await follow(resharding, io);
    const status = await resharding.status();
    await io.stdout.write(format === "json" ? jsonLine(statusJson(status)) : `${sentenceOf(status)}\n`);
    return EXIT.done;
  } finally {
    await close();
  }
}

/** Tells of each step until the change is over, or the reader has seen enough: it goes on by itself. */
async function follow(resharding: Resharding, io: Io): Promise<void> {
  const stop = io.interrupted();
  let told = "";
  while (!stop.aborted) {
    // One look after the other.
    // oxlint-disable-next-line no-await-in-loop
    const status = await resharding.status();
    if (status.phase === "settled") return;
    const sentence = sentenceOf(status);
    // oxlint-disable-next-line no-await-in-loop
    if (sentence !== told) await io.stderr.write(`${sentence}\n`);
    told = sentence;
    // oxlint-disable-next-line no-await-in-loop
    await delay(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
  }
  await io.stderr.write(
    "The change goes on by itself: presence-cli reshard shows it, --cancel takes it back.\n",
  );
}

function sentenceOf({ phase, shards, next, moveMs, writers, acknowledged }: ReshardStatus): string {
  const now = counted(shards, "set");
  switch (phase) {
    case "settled":
      return `Visitors are spread over ${now}. Start processes with PRESENCE_SHARDS=${shards}.`;
    case "waiting":
      return `From ${now} to ${next}: ${acknowledged} of ${counted(writers, "writer")} write to both.`;
    case "filling":
      return `From ${now} to ${next}: all write to both, reads move at ${timeOfDay(isoTime(moveMs ?? 0))}.`;
    case "moved":
      return `Reads use ${now}; writes go to the former ones too for a moment.`;
  }
}

function statusJson({ startedMs, moveMs, ...status }: ReshardStatus) {
  return {
    ...status,
    startedAt: startedMs === null ? null : isoTime(startedMs),
    movesAt: moveMs === null ? null : isoTime(moveMs),
  };
}
