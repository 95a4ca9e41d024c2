import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { retry } from "../../src/mongo/retry.ts";

describe("retry", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());
  const { signal } = new AbortController();

  it("answers the first success, with doubling waits before it", async () => {
    const waits: number[] = [];
    let attempts = 0;
    const answer = await retry(
      async () => {
        attempts += 1;
        if (attempts < 3) throw new Error("away");
        return "there";
      },
      { limitMs: 60_000, signal, onFailure: (_error, waitMs) => waits.push(waitMs) },
    );
    expect(answer).toBe("there");
    expect(waits).toEqual([250, 500]);
  });

  it("rejects with the last failure when another wait would pass the limit", async () => {
    let attempts = 0;
    const failing = retry(
      async () => {
        attempts += 1;
        vi.advanceTimersByTime(1_000);
        throw new Error(`away ${attempts}`);
      },
      { limitMs: 2_000, signal, onFailure: () => {} },
    );
    await expect(failing).rejects.toThrow("away 2");
  });

  it("ends with an abort, before an attempt and between two", async () => {
    const options = { limitMs: 60_000, onFailure: () => {} };
    await expect(retry(async () => "never", { ...options, signal: AbortSignal.abort() })).rejects.toThrow(
      "aborted",
    );
    const abort = new AbortController();
    const failing = retry(() => Promise.reject(new Error("away")), {
      ...options,
      signal: abort.signal,
      onFailure: () => abort.abort(),
    });
    await expect(failing).rejects.toMatchObject({ name: "AbortError" });
  });
});
