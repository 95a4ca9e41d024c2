import type { ListOrder, ListPosition } from "@presence/core";
import { usageError } from "../../errors.ts";

/** What a cursor belongs to: one of another channel or order is refused. */
export interface CursorScope {
  readonly channel: string;
  readonly order: ListOrder;
}

/** Where a page ended, as a text. Unsigned: who holds it can read the store anyway. */
export function writeCursor({ channel, order }: CursorScope, { lastSeenMs, visitor }: ListPosition): string {
  return Buffer.from(JSON.stringify([order, channel, lastSeenMs, visitor])).toString("base64url");
}

/** @throws {CliError} for a text that {@link writeCursor} did not make for this scope. */
export function readCursor(scope: CursorScope, cursor: string): ListPosition {
  const [order, channel, lastSeenMs, visitor, ...rest] = parse(cursor);
  const isPosition = Number.isFinite(lastSeenMs) && typeof visitor === "string" && rest.length === 0;
  if (order === scope.order && channel === scope.channel && isPosition) {
    return { lastSeenMs: Number(lastSeenMs), visitor };
  }
  throw usageError("--cursor must be what an earlier list of the same channel and order ended with.");
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(value) ? value : [];
  } catch {
    // The caller says what a cursor is.
    return [];
  }
}
