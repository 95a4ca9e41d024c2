import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode, usageError } from "../errors.ts";
import { choiceFlag, type Flags, hasFlag, quoted, textFlag } from "../flags.ts";
import type { Io } from "../io.ts";
import { jsonLine } from "../output/json.ts";
import { type Noun, recordSentence, recordWarnings } from "../output/record-report.ts";
import { counted, grouped } from "../output/words.ts";
import type { Destination } from "../record/destination.ts";
import { openDestination } from "../record/open-destination.ts";
import { createOutage } from "../record/outage.ts";
import { recordGrowingLog, recordLog, type RecordLogOptions } from "../record/record-log.ts";
import { isPassing, sendAll } from "../record/send-all.ts";
import { createTally, type RecordTally, type Tally } from "../record/tally.ts";

/** How long a run that has an end waits for a store that is away, in milliseconds. */
const PATIENCE_MS = 10_000;

/** How long the last sightings may take once the program is told to end, in milliseconds. */
const LAST_PATIENCE_MS = 5_000;

/** Most malformed addresses that are named one by one. */
const MAX_NAMED = 10;

/** What is recorded: addresses, or a log. */
type Job =
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  | {
      readonly kind: "log";
      readonly path: string;
      readonly isFollowing: boolean;
      readonly at: "line" | "now";
    };

/** `presence-cli record` */
export async function runRecord({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json"]);
  const job = readJob(flags);
  const channel = textFlag(flags, "channel") ?? "site";
  const isFollowing = job.kind === "log" && job.isFollowing;
  const tally = createTally();
  const outage = createOutage(io, () => performance.now());
  const fatal = new AbortController();
  const destination = await openDestination(flags, io, {
    channel,
    isLasting: isFollowing,
    onRefused: (reason, sightings) => tally.refused(reason, sightings, true),
    onLost(error) {
      if (isPassing(error)) outage.begin(error);
      else fatal.abort(error);
    },
    onBack: () => outage.end(),
  });
  try {
    const interrupted = io.interrupted();
    const patienceMs = isFollowing ? Number.POSITIVE_INFINITY : PATIENCE_MS;
    const signal = AbortSignal.any([interrupted, fatal.signal]);
    if (job.kind === "log") await readLog(job, { destination, tally, io, signal, patienceMs });
    else await seeAddresses(job.addresses, destination, tally, io);
    fatal.signal.throwIfAborted();
    await sendRest(destination, io, interrupted.aborted ? LAST_PATIENCE_MS : patienceMs);
    await report(tally, { job, format, channel, io });
    if (interrupted.aborted && !isFollowing) {
      await io.stderr.write("Interrupted: the rest of it was not read.\n");
      return EXIT.failed;
    }
    return exitCodeOf(tally.result(), job);
  } finally {
    await destination.close();
  }
}

/** @throws {CliError} for flags that do not go together. */
function readJob(flags: Flags): Job {
  const path = textFlag(flags, "log");
  const at = choiceFlag(flags, "at", ["line", "now"]);
  const isFollowing = hasFlag(flags, "follow");
  if (path !== undefined) {
    if (flags.operands.length > 0) {
      throw usageError(`--log reads the addresses from a log: leave ${quoted(flags.operands[0] ?? "")} out.`);
    }
    return { kind: "log", path, isFollowing, at };
  }
  if (isFollowing || textFlag(flags, "at") !== undefined) {
    throw usageError(`--${isFollowing ? "follow" : "at"} is for a log: name it with --log.`);
  }
  if (flags.operands.length === 0) throw usageError("record needs an address, or a log: --log FILE.");
  return { kind: "addresses", addresses: flags.operands };
}

/** Standard input is not renamed or truncated: it is read until it ends, however long that takes. */
function readLog(
  { path, isFollowing, at }: Job & { readonly kind: "log" },
  options: Omit<RecordLogOptions, "path" | "at">,
): Promise<void> {
  const logOptions = { ...options, path, at };
  return isFollowing && path !== "-" ? recordGrowingLog(logOptions) : recordLog(logOptions);
}

async function seeAddresses(
  addresses: readonly string[],
  destination: Destination,
  tally: Tally,
  io: Io,
): Promise<void> {
  const malformed: string[] = [];
  for (const address of addresses) {
    tally.read.lines += 1;
    const reason = destination.record({ address, userAgent: undefined, atMs: null });
    if (reason === null) tally.taken(1);
    else tally.refused(reason, 1, false);
    if (reason === "address") malformed.push(address);
  }
  for (const address of malformed.slice(0, MAX_NAMED))
    await io.stderr.write(`${quoted(address)} is no address.\n`);
  if (malformed.length > MAX_NAMED)
    await io.stderr.write(`${grouped(malformed.length - MAX_NAMED)} more are none.\n`);
}

async function sendRest(destination: Destination, io: Io, patienceMs: number): Promise<void> {
  try {
    await sendAll(destination, { patienceMs });
  } catch (error) {
    const left = destination.pending();
    await io.stderr.write(`${counted(left, "visitor was", "visitors were")} not sent.\n`);
    throw error;
  }
}

interface ReportOptions {
  readonly job: Job;
  readonly format: "table" | "json";
  readonly channel: string;
  readonly io: Io;
}

async function report(tally: Tally, { job, format, channel, io }: ReportOptions): Promise<void> {
  const result = tally.result();
  const noun: Noun = job.kind === "log" ? ["line", "lines"] : ["address", "addresses"];
  await io.stdout.write(format === "json" ? jsonLine(result) : recordSentence(result, noun, channel));
  if (job.kind === "log" && result.malformed > 0) {
    const malformed = counted(result.malformed, "line is", "lines are");
    await io.stderr.write(`${malformed} malformed: no line of a log, or no address for the client.\n`);
  }
  for (const warning of recordWarnings(result, tally.reasons(), noun)) await io.stderr.write(`${warning}\n`);
}

/** A log's odd line is no failure; a wrong file is, and an address that somebody typed. */
function exitCodeOf(
  { recorded, malformed, expired, future, ignored, refused }: RecordTally,
  job: Job,
): ExitCode {
  if (refused > 0) return EXIT.failed;
  if (malformed === 0) return EXIT.done;
  const isAllMalformed = recorded + expired + future + ignored === 0;
  return job.kind === "addresses" || isAllMalformed ? EXIT.failed : EXIT.done;
}
