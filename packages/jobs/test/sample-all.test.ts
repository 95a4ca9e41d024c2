import { type OnlineCount, PresenceError } from "@presence/core";
import { HistoryError, type Sample } from "@presence/history";
import { describe, expect, it } from "vitest";
import { sampleAll } from "../src/index.ts";

const AT_MS = Date.UTC(2026, 10, 24, 12);

type Counted = Partial<OnlineCount> | Error;

/** Counts as they are told, by channel. */
function counting(counts: Readonly<Record<string, Counted>>) {
  return {
    async count({ channel = "site" } = {}): Promise<OnlineCount> {
      const counted = counts[channel] ?? {};
      if (counted instanceof Error) throw counted;
      return {
        channel,
        count: 5,
        windowSeconds: 60,
        asOfMs: AT_MS,
        sinceMs: 0,
        complete: true,
        stale: false,
        ageMs: 0,
        ...counted,
      };
    },
  };
}

function keeping() {
  const samples: Sample[] = [];
  return { samples, addSample: async (sample: Sample) => void samples.push(sample) };
}

describe("sampleAll", () => {
  it("keeps each channel's count at its own instant", async () => {
    const history = keeping();
    const presence = counting({ site: { count: 7 }, "page:/": { count: 0, asOfMs: AT_MS + 3 } });
    const result = await sampleAll({ presence, history, channels: ["site", "page:/"] });
    expect(result).toEqual({ sampled: 2, stale: 0, incomplete: 0, failures: [] });
    expect(history.samples).toEqual([
      { channel: "site", count: 7, atMs: AT_MS },
      { channel: "page:/", count: 0, atMs: AT_MS + 3 },
    ]);
  });

  it("keeps no count that is stale or incomplete, and says how many", async () => {
    const history = keeping();
    const presence = counting({
      old: { stale: true, complete: false },
      low: { complete: false },
    });
    const result = await sampleAll({ presence, history, channels: ["old", "low", "site"] });
    expect(result).toEqual({ sampled: 1, stale: 1, incomplete: 1, failures: [] });
    expect(history.samples).toHaveLength(1);
  });

  it("goes on past a channel that cannot be counted, and names it", async () => {
    const history = keeping();
    const refused = new PresenceError("PRESENCE_STORE_REFUSED", "wrong type");
    const presence = counting({ broken: refused });
    const result = await sampleAll({ presence, history, channels: ["broken", "site"] });
    expect(result).toMatchObject({ sampled: 1, failures: [{ channel: "broken", error: refused }] });
  });

  it("throws when the history cannot take a sample", async () => {
    const away = new HistoryError("PRESENCE_HISTORY_UNAVAILABLE", "away");
    const history = { addSample: () => Promise.reject(away) };
    await expect(sampleAll({ presence: counting({}), history, channels: ["site"] })).rejects.toBe(away);
  });

  it("begins no further channel once aborted", async () => {
    const history = keeping();
    const signal = AbortSignal.abort();
    const result = await sampleAll({ presence: counting({}), history, channels: ["site"], signal });
    expect(result.sampled).toBe(0);
  });
});
