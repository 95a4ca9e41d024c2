import { describe, expect, it } from "vitest";
import { createRecorder, type SightingSink } from "../src/index.ts";
import { manualClock } from "../src/testing/index.ts";

const ROOM = 2;

/** A recorder over a sink that fails when it is told to: no real store fails at the very write that is asked for. */
function recorderOverSink(bufferVisitors = ROOM) {
  const clock = manualClock();
  const written: (readonly string[])[] = [];
  let isFailing = false;
  let isAway = false;
  const sink: SightingSink = {
    nowMs: clock.wallMs,
    isReady: () => !isAway,
    async record(sightings) {
      if (isFailing || isAway) throw new Error("made to fail");
      written.push([...(sightings.get("site")?.keys() ?? [])]);
      return { epoch: "one" };
    },
  };
  const recorder = createRecorder({ sink, windowSeconds: 60, flushMs: 10_000, bufferVisitors });

  return {
    clock,
    recorder,
    written,
    fail: (isTo: boolean) => void (isFailing = isTo),
    goAway: (isTo: boolean) => void (isAway = isTo),
    record: (visitor: string, replaces?: string) => recorder.add("site", visitor, clock.wallMs(), replaces),
    /** Has written `a` and `b`, and fails to write them again. */
    async failToSendAgain(): Promise<void> {
      recorder.add("site", "a", clock.wallMs());
      recorder.add("site", "b", clock.wallMs());
      await recorder.flush();
      written.length = 0;
      isFailing = true;
      expect(recorder.sendAgain()).toBe(2);
      await expect(recorder.flush()).rejects.toThrow("made to fail");
      isFailing = false;
    },
  };
}

describe("what is sent again", () => {
  it("waits beside a full buffer while it cannot be written, and goes with its next write", async () => {
    const { recorder, record, written, failToSendAgain } = recorderOverSink();
    await failToSendAgain();
    expect(record("c")).toBeNull();
    expect(record("d")).toBeNull();
    expect(record("e")).toBe("full");
    expect(recorder.counters()).toMatchObject({ pending: 4, full: 1, expired: 0 });
    await recorder.flush();
    expect(written).toEqual([["a", "b", "c", "d"]]);
    expect(recorder.counters().pending).toBe(0);
  });

  it("takes one place with a sighting of the same visitor, which finds it however full the buffer is", async () => {
    const { recorder, record, written, failToSendAgain } = recorderOverSink();
    await failToSendAgain();
    for (const visitor of ["c", "d", "a"]) expect(record(visitor)).toBeNull();
    expect(recorder.counters()).toMatchObject({ pending: 4, coalesced: 1, full: 0 });
    await recorder.flush();
    expect(written.map((visitors) => visitors.toSorted())).toEqual([["a", "b", "c", "d"]]);
  });

  it("is let go once it expired, which is no loss: the store had it in its time", async () => {
    const { clock, recorder, fail, failToSendAgain } = recorderOverSink();
    await failToSendAgain();
    clock.advance(60_000);
    fail(true);
    await expect(recorder.flush()).rejects.toThrow("made to fail");
    expect(recorder.counters()).toMatchObject({ pending: 0, full: 0, expired: 0 });
  });

  it("holds no former text of a visitor who was seen since, and nobody who was removed", async () => {
    const { recorder, record, written, failToSendAgain } = recorderOverSink();
    await failToSendAgain();
    record("new-a", "a");
    recorder.forget("site", ["b"]);
    await recorder.flush();
    expect(written).toEqual([["new-a"]]);
  });

  it("does not hold up a read, which is told that the store lacks some of the channel", async () => {
    const { recorder, record } = recorderOverSink(100_000);
    for (let i = 0; i < 20_000; i += 1) record(`v${i}`);
    await recorder.flush();
    expect(await recorder.flushChannel("site")).toBe(true);
    expect(recorder.sendAgain()).toBe(20_000);
    expect(await recorder.flushChannel("site")).toBe(false);
    expect(await recorder.flushChannel("page:/other")).toBe(true);
    await recorder.flush();
    expect(await recorder.flushChannel("site")).toBe(true);
  });
});

describe("a read of a store that was away", () => {
  it("sends what waits ahead, however much it is", async () => {
    const { recorder, record, goAway, written } = recorderOverSink(100_000);
    record("a");
    goAway(true);
    await recorder.flush().catch(() => {});
    for (let i = 0; i < 20_000; i += 1) record(`v${i}`);
    goAway(false);
    expect(await recorder.flushChannel("site")).toBe(true);
    expect(written.map((visitors) => visitors.length)).toEqual([20_001]);
  });

  it("leaves it to smaller writes after one so large has failed", async () => {
    const { recorder, record, goAway, written } = recorderOverSink(100_000);
    for (let i = 0; i < 20_000; i += 1) record(`v${i}`);
    goAway(true);
    await recorder.flushChannel("site");
    goAway(false);
    expect(await recorder.flushChannel("site")).toBe(false);
    await recorder.flush();
    expect(written.map((visitors) => visitors.length)).toEqual([5_000, 5_000, 5_000, 5_000]);
  });
});
