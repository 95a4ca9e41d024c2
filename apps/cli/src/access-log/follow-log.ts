import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { CliError, EXIT, usageError } from "../errors.ts";
import { safeText } from "../output/safe-text.ts";
import { type FollowedFile, followFile } from "./followed-file.ts";
import type { LogReader } from "./log-reader.ts";
import { createWakeUp } from "./wake-up.ts";

/** Longest time between two looks, in milliseconds. */
const POLL_MS = 250;

/** A file that was renamed is still read until nothing came for this long: its writer may know it by its old name. */
const QUIET_MS = 30_000;

/** Renamed files that are still read. */
const MAX_RENAMED = 4;

/** What happened: lines were read, or something that a person may want to know. */
export type FollowEvent = "begun" | "read" | "rotated" | "truncated" | "missing" | "there";

/** Options of {@link followLog}. */
export interface FollowOptions {
  /** A reader of one file's bytes. */
  readonly createReader: () => LogReader;
  /** Begin with what is written from now on. */
  readonly fromEnd: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** A steady clock, in milliseconds. */
  readonly steadyMs: () => number;
}

interface Renamed {
  readonly file: FollowedFile;
  quietSinceMs: number;
}

/**
 * Reads a log as it grows, through renames and truncations, until it is told to end. It reads on only when the next
 * event is asked for.
 *
 * @throws {CliError} for what is no log file, or cannot be read.
 */
export async function* followLog(path: string, options: FollowOptions): AsyncGenerator<FollowEvent> {
  const { signal, steadyMs } = options;
  const wakeUp = createWakeUp(path, signal);
  const renamed: Renamed[] = [];
  let current = await openFollowed(path, options, options.fromEnd);
  try {
    yield current === null ? "missing" : "begun";
    while (!signal.aborted) {
      for (const old of renamed) {
        for await (const look of looks(old.file, signal)) {
          old.quietSinceMs = steadyMs();
          yield look;
        }
      }
      if (current !== null) yield* looks(current, signal);
      if (current === null || (await identityOf(path)) !== current.identity) {
        const next = await openFollowed(path, options, false);
        if (next !== null) {
          if (current !== null) renamed.push({ file: current, quietSinceMs: steadyMs() });
          yield current === null ? "there" : "rotated";
          current = next;
          continue;
        }
      }
      await closeQuiet(renamed, steadyMs());
      await wakeUp.wait(POLL_MS);
    }
  } finally {
    wakeUp.close();
    // Half a line is left for the next run to read.
    for (const { file } of renamed) await file.close(false);
    await current?.close(false);
  }
}

/** All there is to read in a file now. */
async function* looks(file: FollowedFile, signal: AbortSignal): AsyncGenerator<"read" | "truncated"> {
  while (!signal.aborted) {
    const look = await file.readMore();
    if (look === "end") return;
    yield look;
  }
}

/** Lets go of files that have been silent for long, or are too many. */
async function closeQuiet(renamed: Renamed[], nowMs: number): Promise<void> {
  while (renamed.length > 0) {
    const [oldest] = renamed;
    const isQuiet = oldest !== undefined && nowMs - oldest.quietSinceMs > QUIET_MS;
    if (!isQuiet && renamed.length <= MAX_RENAMED) return;
    renamed.shift();
    await oldest?.file.close(true);
  }
}

/** The file of that name; `null` where there is none just now. */
async function openFollowed(
  path: string,
  { createReader }: FollowOptions,
  fromEnd: boolean,
): Promise<FollowedFile | null> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, "r");
    if (!(await file.stat()).isFile())
      throw usageError(`${safeText(basename(path))} is no file that could be followed: pipe it to --log -.`);
    return await followFile(file, createReader(), { fromEnd });
  } catch (error) {
    await file?.close();
    if (hasCode(error, "ENOENT")) return null;
    if (error instanceof CliError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.failed, `${safeText(path)} cannot be read: ${reason}.`, { cause: error });
  }
}

async function identityOf(path: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    // Renamed, and no other in its place yet.
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
