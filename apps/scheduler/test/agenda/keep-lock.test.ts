import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepLock } from "../../src/agenda/keep-lock.ts";

describe("keepLock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("renews again and again until it is let go", async () => {
    const touch = vi.fn(async () => {});
    const letGo = keepLock(
      { touch, getCanceledMessage: () => undefined },
      { lifetimeMs: 300, onError: unexpected, onLost: () => unexpected("lost") },
    );
    await vi.advanceTimersByTimeAsync(350);
    expect(touch).toHaveBeenCalledTimes(3);
    await letGo();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(touch).toHaveBeenCalledTimes(3);
  });

  it("waits for the renewal that is under way, which would lock the job again", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const letGo = keepLock(
      { touch: () => promise, getCanceledMessage: () => undefined },
      { lifetimeMs: 300, onError: unexpected, onLost: () => unexpected("lost") },
    );
    await vi.advanceTimersByTimeAsync(100);
    let isLetGo = false;
    const done = letGo().then(() => (isLetGo = true));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isLetGo).toBe(false);
    resolve();
    await done;
  });

  it("tells of a renewal that failed, tries again, and holds the lock when that succeeds", async () => {
    const errors: unknown[] = [];
    const failure = new Error("away");
    const touch = vi.fn(async () => {});
    touch.mockRejectedValueOnce(failure);
    const letGo = keepLock(
      { touch, getCanceledMessage: () => undefined },
      { lifetimeMs: 300, onError: (error) => errors.push(error), onLost: () => unexpected("lost") },
    );
    await vi.advanceTimersByTimeAsync(1_050);
    await letGo();
    expect(errors).toEqual([failure]);
    expect(touch).toHaveBeenCalledTimes(10);
  });

  it("says once that the lock is lost when no renewal came through for its lifetime, and tries no more", async () => {
    let lost = 0;
    const touch = vi.fn(() => Promise.reject(new Error("away")));
    const letGo = keepLock(
      { touch, getCanceledMessage: () => undefined },
      { lifetimeMs: 300, onError: () => {}, onLost: () => (lost += 1) },
    );
    await vi.advanceTimersByTimeAsync(1_000);
    await letGo();
    expect(lost).toBe(1);
    expect(touch).toHaveBeenCalledTimes(2);
  });

  it("asks for no second renewal while one is under way", async () => {
    const touch = vi.fn(() => new Promise<void>(() => {}));
    keepLock(
      { touch, getCanceledMessage: () => undefined },
      { lifetimeMs: 300, onError: unexpected, onLost: () => {} },
    );
    await vi.advanceTimersByTimeAsync(1_000);
    expect(touch).toHaveBeenCalledTimes(1);
  });

  it("renews no lock of a run that was given up for lost, and says so", async () => {
    const touch = vi.fn(async () => {});
    let lost = 0;
    const letGo = keepLock(
      { touch, getCanceledMessage: () => "took too long" },
      { lifetimeMs: 300, onError: unexpected, onLost: () => (lost += 1) },
    );
    await vi.advanceTimersByTimeAsync(100);
    await letGo();
    expect(lost).toBe(1);
    expect(touch).not.toHaveBeenCalled();
  });
});

function unexpected(what: unknown): never {
  throw new Error(`unexpected: ${String(what)}`);
}
