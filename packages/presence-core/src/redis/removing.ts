import type { PresenceStore, PruneBatchResult } from "../store.ts";
import type { OnlineBounds } from "../types.ts";
import { DEFAULT_CHANNEL } from "../validate.ts";
import type { RedisKeys } from "./keys.ts";
import type { LayoutTracker } from "./layout.ts";
import { scores, settle, spreadTexts } from "./members.ts";
import type { RedisLink } from "./redis-link.ts";
import { pruneScript, unnoteScript } from "./scripts.generated.ts";

/** What {@link createRemoving} is made of. */
export interface RemovingOptions {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  readonly layout: LayoutTracker;
  /** Sees to it that the layout has been heard of lately. */
  readonly freshLayout: () => Promise<void>;
  /** Told of a channel that was taken off the index. */
  readonly onEmptied: (channel: string) => void;
}

/** Prunes and forgets, in all sets of a channel. */
export function createRemoving(options: RemovingOptions): Pick<PresenceStore, "pruneBatch" | "forget"> {
  const { link, keys, layout, freshLayout, onEmptied } = options;

  /** One set after the other: what one leaves of the limit is the next one's. */
  async function pruneSets(sets: readonly string[], bounds: OnlineBounds, limit: number) {
    const total = { removed: 0, invalid: 0, remaining: 0, left: 0 };
    for (const set of sets) {
      const args = [bounds.afterMs / 1_000, bounds.untilMs / 1_000, limit - total.removed];
      const answer = await link.ask(() => link.evaluate(pruneScript, [set], args));
      const [expired = 0, invalid = 0, remaining = 0, members = 0] = (answer as unknown[]).map(Number);
      total.removed += expired + invalid;
      total.invalid += invalid;
      total.remaining += remaining;
      total.left += members;
    }
    return total;
  }

  /** The script removes nothing and says only how many would go; which are invalid is asked apart. */
  async function dryRun(sets: readonly string[], bounds: OnlineBounds): Promise<PruneBatchResult> {
    const { remaining } = await pruneSets(sets, bounds, 0);
    const { high } = scores(bounds);
    const invalid = await link.ask((redis) =>
      settle(sets.map((set) => redis.zcount(set, `(${high}`, "+inf"))),
    );
    return { removed: remaining, invalid: invalid.reduce((sum, n) => sum + n, 0), remaining };
  }

  return {
    async pruneBatch(channel, bounds, { limit, dryRun: isDryRun = false }) {
      await freshLayout();
      const [reads, ...others] = layout.keysAt(link.clock.nowMs());
      if (isDryRun) return dryRun(reads.channel(channel), bounds);
      const { removed, invalid, remaining, left } = await pruneSets(reads.channel(channel), bounds, limit);
      // While the number of shards changes the same visitors are there twice: told of once, removed in both.
      let waiting = remaining;
      for (const other of others)
        waiting += (await pruneSets(other.channel(channel), bounds, limit)).remaining;
      if (left === 0 && channel !== DEFAULT_CHANNEL) {
        const args = [channel, bounds.afterMs / 1_000];
        const isOff = await link.ask(() => link.evaluate(unnoteScript, [keys.channels], args));
        if (isOff === 1) onEmptied(channel);
      }
      return { removed, invalid, remaining: waiting };
    },

    forget: (channel, visitors) =>
      link.ask(async (redis) => {
        if (visitors.length === 0) return 0;
        await freshLayout();
        const [ofReads = [], ...others] = layout
          .keysAt(link.clock.nowMs())
          .map(({ channel: setsOf }) =>
            [...spreadTexts(setsOf(channel), visitors)].map(([set, members]) => redis.zrem(set, ...members)),
          );
        // All of them heard at once: one that fails while another is waited for would be a rejection nobody handles.
        const [forgotten] = await Promise.all([settle(ofReads), settle(others.flat())]);
        return forgotten.reduce((sum, n) => sum + n, 0);
      }),
  };
}
