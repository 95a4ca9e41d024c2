import { ONLINE_COUNT_EXAMPLE } from "@presence/api-contract";
import { describe, expect, it } from "vitest";
import { createViewer } from "../../src/watch/view.ts";

const COUNT = { ...ONLINE_COUNT_EXAMPLE, ageMs: 0 };
const lost = { kind: "lost", reason: "gone", silentMs: 0 } as const;

describe("what there is to see of a number", () => {
  it("is nothing before there is one", () => {
    expect(createViewer().at(0)).toBeNull();
  });

  it("is the count as it came, however long a stream says nothing", () => {
    const viewer = createViewer();
    viewer.take({ kind: "count", count: COUNT, how: "live" }, 0);
    expect(viewer.at(3_600_000)).toEqual({ kind: "count", count: COUNT, how: "live" });
  });

  it("grows old from when a stream broke, and is gone after the window", () => {
    const viewer = createViewer();
    viewer.take({ kind: "count", count: COUNT, how: "live" }, 0);
    viewer.take(lost, 500_000);
    viewer.take(lost, 510_000);
    const stale = { ...COUNT, stale: true, complete: false };
    expect(viewer.at(512_000)).toMatchObject({ count: { ...stale, ageMs: 12_000 } });
    expect(viewer.at(559_999)).toMatchObject({ count: { ...stale, ageMs: 59_999 } });
    expect(viewer.at(560_000)).toEqual({ kind: "unavailable", reason: "gone" });
  });

  it("is older by as long as a stream was silent before it was given up", () => {
    const viewer = createViewer();
    viewer.take({ kind: "count", count: COUNT, how: "live" }, 0);
    viewer.take({ ...lost, silentMs: 20_000 }, 500_000);
    expect(viewer.at(501_000)).toMatchObject({ count: { ageMs: 21_000 } });
  });

  it("grows old from the last answer where it is asked for", () => {
    const viewer = createViewer();
    viewer.take({ kind: "count", count: COUNT, how: "polled" }, 1_000);
    viewer.take(lost, 6_000);
    expect(viewer.at(6_000)).toMatchObject({ count: { stale: true, ageMs: 5_000 } });
  });

  it("grows older where it was old when it came", () => {
    const viewer = createViewer();
    viewer.take({ kind: "count", count: { ...COUNT, stale: true, ageMs: 12_000 }, how: "live" }, 0);
    expect(viewer.at(3_000)).toMatchObject({ count: { stale: true, ageMs: 15_000 } });
    expect(viewer.at(48_000)).toMatchObject({ kind: "unavailable" });
  });

  it("is unavailable as soon as who answers says so, and back with the next count", () => {
    const viewer = createViewer();
    viewer.take({ kind: "count", count: COUNT, how: "live" }, 0);
    viewer.take({ kind: "unavailable", reason: "the store is away" }, 1_000);
    expect(viewer.at(1_000)).toEqual({ kind: "unavailable", reason: "the store is away" });
    viewer.take({ kind: "count", count: COUNT, how: "live" }, 2_000);
    expect(viewer.at(2_000)).toMatchObject({ kind: "count", count: { stale: false } });
  });
});
