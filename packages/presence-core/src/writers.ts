import type { RegisteredWriter } from "./types.ts";

/** How often a writer registers, in milliseconds. */
export const REGISTER_EVERY_MS = 5_000;

/** A writer silent for longer than this is gone, in milliseconds: three registrations. */
export const WRITER_ALIVE_MS = 15_000;

/** A writer silent for longer than this is taken off the list, in milliseconds. */
export const WRITER_FORGOTTEN_MS = 600_000;

/** Whether a writer last heard of at `seenMs` still records at `nowMs`. */
export function isWriterAlive(seenMs: number, nowMs: number): boolean {
  return nowMs - seenMs <= WRITER_ALIVE_MS;
}

/**
 * Since when recording has run without a gap, once the writer `id` registers at `nowMs`: as before where this
 * writer, or another one that is alive, was already recording, and from now on where nobody was, where the
 * state is new, or where the writer says that it lost sightings. Another one that fell silent without leaving may
 * have had sightings until it counted as gone.
 */
export function nextSince(known: {
  readonly sinceMs: number | null;
  readonly writers: readonly RegisteredWriter[];
  readonly id: string;
  readonly nowMs: number;
  readonly gap: boolean;
}): number {
  const { sinceMs, writers, id, nowMs, gap } = known;
  const wasRecording = writers.some((writer) => writer.id === id || isWriterAlive(writer.seenMs, nowMs));
  if (sinceMs === null || gap || !wasRecording) return nowMs;
  const silent = writers.filter((writer) => writer.id !== id && !isWriterAlive(writer.seenMs, nowMs));
  return Math.max(sinceMs, ...silent.map((writer) => writer.seenMs + WRITER_ALIVE_MS));
}
