import { createHmac, timingSafeEqual } from "node:crypto";
import type { ListOrder, ListPosition } from "@presence/core";
import { refuse } from "./problem.ts";

/** What a cursor belongs to: one of another channel or order is refused. */
export interface CursorScope {
  readonly channel: string;
  readonly order: ListOrder;
}

/** Where a page of a list ended, as a text that only this installation makes. */
export interface Cursors {
  write(scope: CursorScope, position: ListPosition): string;
  /** @throws {ProblemError} 400 `PRESENCE_INVALID_CURSOR` */
  read(scope: CursorScope, cursor: string): ListPosition;
}

const SIGNATURE_BYTES = 16;

/**
 * Signed cursors. The keys come from the admin tokens, so that every process of an installation reads what another
 * one wrote, and a rotated token breaks no list under way: the first signs, all verify.
 */
export function createCursors(secrets: readonly string[]): Cursors {
  const keys = secrets.map((secret) => createHmac("sha256", secret).update("presence cursor").digest());
  return {
    write(scope, { visitor, lastSeenMs }) {
      const [key] = keys;
      if (key === undefined) throw new RangeError("cursors need a secret");
      const payload = Buffer.from(JSON.stringify([lastSeenMs, visitor]));
      return `${payload.toString("base64url")}.${sign(key, scope, payload).toString("base64url")}`;
    },
    read(scope, cursor) {
      const [encoded = "", signature = ""] = cursor.split(".");
      const payload = Buffer.from(encoded, "base64url");
      const given = Buffer.from(signature, "base64url");
      const isOurs =
        given.length === SIGNATURE_BYTES &&
        keys.some((key) => timingSafeEqual(sign(key, scope, payload), given));
      if (!isOurs) {
        throw refuse(
          "PRESENCE_INVALID_CURSOR",
          "The cursor is none of this server's for that channel and order.",
          {
            errors: [{ field: "cursor", message: "must be the nextCursor of an earlier page" }],
          },
        );
      }
      const [lastSeenMs, visitor] = JSON.parse(payload.toString()) as [number, string];
      return { lastSeenMs, visitor };
    },
  };
}

function sign(key: Buffer, { channel, order }: CursorScope, payload: Buffer): Buffer {
  const mac = createHmac("sha256", key).update(`${order} ${channel}\n`).update(payload).digest();
  return mac.subarray(0, SIGNATURE_BYTES);
}
