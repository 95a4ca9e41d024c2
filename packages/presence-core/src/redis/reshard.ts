import { PresenceError } from "../errors.ts";
import type { RegisteredWriter } from "../types.ts";
import { assertWhole } from "../validate.ts";
import { isWriterAlive, WRITER_ALIVE_MS } from "../writers.ts";
import type { RedisKeys } from "./keys.ts";
import { formatLayout, hasMoved, type LayoutTracker, parseLayout, type ShardLayout } from "./layout.ts";
import type { RedisLink } from "./redis-link.ts";
import { relayoutScript } from "./scripts.generated.ts";
import { parseState } from "./writers.ts";

/**
 * How long after the last acknowledgement's window reads move, and how long after the move writes stop going to the
 * former sets: whoever is alive has registered in that time, and so knows of it.
 */
const MARGIN_MS = WRITER_ALIVE_MS;

/** Life of the record of a change that nobody looks after any more, in seconds: a day. */
const RECORD_TTL_SECONDS = 86_400;

/** Where a change of shards stands. */
export interface ReshardStatus {
  /** What visitors are counted over now. */
  readonly shards: number;
  /** What it is about to become; `null` while nothing changes. */
  readonly next: number | null;
  /**
   * `waiting` for writers to write to both; `filling` until whoever is online is in both; `moved`: reads use the new
   * sets, writes still go to both for a moment.
   */
  readonly phase: "settled" | "waiting" | "filling" | "moved";
  readonly startedMs: number | null;
  readonly moveMs: number | null;
  /** Writers alive now, and how many of them write to both. */
  readonly writers: number;
  readonly acknowledged: number;
}

/** Changes over how many sets visitors are spread, while they are recorded and counted. */
export interface Resharding {
  status(): Promise<ReshardStatus>;
  /**
   * Begins a change to `shards`, 1 to 64. Writers find out with their next write, write to both layouts and
   * acknowledge; a window after the last of them reads move, all at the same instant of the store's clock.
   *
   * @throws {PresenceError} `PRESENCE_INVALID_OPTION` where one is under way, there is nothing to change, or nobody
   * records: then `PRESENCE_SHARDS` alone decides.
   */
  begin(shards: number): Promise<ReshardStatus>;
  /** Takes a change back that reads have not followed yet. @throws {PresenceError} `PRESENCE_INVALID_OPTION` */
  cancel(): Promise<ReshardStatus>;
}

/** The writers' side of it. */
export interface ReshardSteps extends Resharding {
  /** Says that `writerId` writes to both layouts, and takes the next step if it is due. */
  follow(writerId: string, writers: readonly RegisteredWriter[]): Promise<void>;
}

/** What {@link createResharding} is made of. */
export interface ReshardingOptions {
  readonly link: RedisLink;
  /** The names that do not depend on the number of shards. */
  readonly keys: Pick<RedisKeys, "state" | "layout">;
  readonly layout: LayoutTracker;
}

export function createResharding({ link, keys, layout }: ReshardingOptions): ReshardSteps {
  async function change(from: ShardLayout, to: ShardLayout): Promise<boolean> {
    const texts = [formatLayout(from), formatLayout(to)];
    const isChanged = (await link.evaluate(relayoutScript, [keys.state], texts)) === 1;
    if (isChanged) layout.see(formatLayout(to));
    return isChanged;
  }

  async function look(): Promise<{
    readonly found: ShardLayout | null;
    readonly writers: readonly RegisteredWriter[];
    readonly record: Readonly<Record<string, string>>;
  }> {
    return link.ask(async (redis) => {
      const [state, record] = await Promise.all([redis.hgetall(keys.state), redis.hgetall(keys.layout)]);
      layout.see(state["layout"]);
      const found = state["layout"] === undefined ? null : parseLayout(state["layout"]);
      return { found, writers: parseState(state)?.writers ?? [], record };
    });
  }

  async function status(): Promise<ReshardStatus> {
    const { found, writers, record } = await look();
    const nowMs = link.clock.nowMs();
    const current = found ?? layout.current();
    const { shards, next, moveMs } = current;
    const alive = writers.filter(({ seenMs }) => isWriterAlive(seenMs, nowMs));
    const isMoved = hasMoved(current, nowMs);
    return {
      shards: isMoved ? (next ?? shards) : shards,
      next,
      phase: next === null ? "settled" : moveMs === null ? "waiting" : isMoved ? "moved" : "filling",
      startedMs: next === null ? null : Number(record["startedMs"] ?? 0),
      moveMs,
      writers: alive.length,
      acknowledged: alive.filter(({ id }) => record[ackOf(id)] !== undefined).length,
    };
  }

  return {
    status,

    async begin(shards) {
      assertWhole("PRESENCE_INVALID_OPTION", "shards", shards, 1, 64);
      const { found } = await look();
      if (found === null)
        throw refused("nobody records there: start writers with PRESENCE_SHARDS as you want it");
      if (found.next !== null) throw refused(`a change from ${found.shards} to ${found.next} is under way`);
      if (found.shards === shards) throw refused(`visitors are spread over ${shards} already`);
      await link.ask(async (redis) => {
        await redis.del(keys.layout);
        await redis.hset(keys.layout, { next: shards, startedMs: link.clock.nowMs() });
        await redis.expire(keys.layout, RECORD_TTL_SECONDS);
        if (!(await change(found, { ...found, next: shards })))
          throw refused("somebody else changes it just now");
      });
      return status();
    },

    async cancel() {
      const { found } = await look();
      if (found?.next === undefined || found.next === null) throw refused("no change is under way");
      if (hasMoved(found, link.clock.nowMs())) {
        throw refused(`reads use ${found.next} already: change it back to ${found.shards} once it is done`);
      }
      await link.ask(async (redis) => {
        if (!(await change(found, { shards: found.shards, next: null, moveMs: null }))) {
          throw refused("it has moved on just now");
        }
        await redis.del(keys.layout);
      });
      return status();
    },

    async follow(writerId, writers) {
      const current = layout.current();
      if (current.next === null) return;
      const nowMs = link.clock.nowMs();
      await link.ask(async (redis) => {
        // From before this on, whatever this process sends goes to both.
        await redis.hsetnx(keys.layout, ackOf(writerId), nowMs);
        const due = nextStep(current, nowMs, writers, await redis.hgetall(keys.layout));
        if (due === null || !(await change(current, due))) return;
        if (due.next === null) await redis.del(keys.layout);
      });
    },
  };
}

/** The layout to be now, or `null` while there is nothing to do but wait. */
function nextStep(
  current: ShardLayout,
  nowMs: number,
  writers: readonly RegisteredWriter[],
  record: Readonly<Record<string, string>>,
): ShardLayout | null {
  const { next, moveMs } = current;
  if (next === null) return null;
  if (moveMs !== null && nowMs >= moveMs + MARGIN_MS) return { shards: next, next: null, moveMs: null };
  if (hasMoved(current, nowMs)) return null;
  const alive = writers.filter(({ seenMs }) => isWriterAlive(seenMs, nowMs));
  const acks = alive.map(({ id }) => record[ackOf(id)]);
  if (acks.includes(undefined)) return null;
  const windowMs = Math.max(...alive.map(({ windowSeconds }) => windowSeconds * 1_000));
  const dueMs = Math.max(...acks.map(Number)) + windowMs + MARGIN_MS;
  // A writer that came late pushes the move on, never brings it forward.
  return moveMs === null || dueMs > moveMs ? { ...current, moveMs: dueMs } : null;
}

function ackOf(writerId: string): string {
  return `ack:${writerId}`;
}

function refused(reason: string): PresenceError {
  return new PresenceError("PRESENCE_INVALID_OPTION", reason);
}
