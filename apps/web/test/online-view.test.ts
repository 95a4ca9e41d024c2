import type { OnlineCount } from "@presence/api-contract";
import { array, assert, boolean, constantFrom, integer, nat, oneof, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Heard } from "../src/api/follow.ts";
import { NOTHING_HEARD, remember, viewAt } from "../src/lib/online-view.ts";

const COUNT: OnlineCount = {
  channel: "site",
  count: 12,
  windowSeconds: 60,
  asOf: "2026-11-24T12:00:00.000Z",
  since: "2026-11-24T08:00:00.000Z",
  complete: true,
  stale: false,
  ageMs: 3,
};

const streamed = (changes: Partial<OnlineCount> = {}): Heard => ({
  kind: "count",
  via: "stream",
  count: { ...COUNT, ...changes },
});

function viewAfter(heard: readonly Heard[], atMs: number) {
  return viewAt(
    heard.reduce((memory, each) => remember(memory, each, 1000), NOTHING_HEARD),
    atMs,
  );
}

describe("the number's state", () => {
  it("is loading until something is heard", () => {
    expect(viewAfter([], 5000)).toEqual({ state: "loading" });
  });

  it("is live over the stream, and true for now", () => {
    const view = viewAfter([streamed()], 31_000);
    expect(view).toMatchObject({ state: "live", asOfMs: Date.parse(COUNT.asOf) + 3 + 30_000 });
  });

  it("is polling when asked for, and true for when it was answered", () => {
    const view = viewAfter([{ kind: "count", via: "poll", count: COUNT }], 4000);
    expect(view).toMatchObject({ state: "polling", asOfMs: Date.parse(COUNT.asOf) });
  });

  it("ages while stale, and is unavailable from the window's end on", () => {
    const heard = [streamed({ stale: true, ageMs: 10_000 })];
    expect(viewAfter(heard, 1000)).toMatchObject({ state: "stale", ageSeconds: 10 });
    expect(viewAfter(heard, 50_999)).toMatchObject({ state: "stale", ageSeconds: 59 });
    expect(viewAfter(heard, 51_000)).toEqual({ state: "unavailable" });
  });

  it("is stale when the server cannot be reached, from the age the last count has", () => {
    const heard: Heard[] = [streamed({ ageMs: 0 }), { kind: "unreachable" }];
    expect(viewAfter(heard, 13_000)).toMatchObject({ state: "stale", ageSeconds: 12 });
    expect(viewAfter(heard, 61_000)).toEqual({ state: "unavailable" });
  });

  it("is unavailable when the server says so, or was never reached", () => {
    expect(viewAfter([streamed(), { kind: "unavailable" }], 1000)).toEqual({ state: "unavailable" });
    expect(viewAfter([{ kind: "unreachable" }], 1000)).toEqual({ state: "unavailable" });
  });

  it("shows nothing of the last count once it is locked", () => {
    expect(viewAfter([streamed(), { kind: "locked" }, { kind: "unreachable" }], 1000)).toEqual({
      state: "unavailable",
    });
  });

  it("never shows a number that the server did not say", () => {
    const heardThing = oneof(
      record({ count: integer({ min: 1, max: 9 }), stale: boolean() }).map((changes) => streamed(changes)),
      constantFrom<Heard>({ kind: "unavailable" }, { kind: "unreachable" }, { kind: "locked" }),
    );
    assert(
      property(array(heardThing), nat(200_000), (heard, laterMs) => {
        const view = viewAfter(heard, 1000 + laterMs);
        const said = heard.flatMap((each) => (each.kind === "count" ? [each.count.count] : []));
        if ("count" in view) expect(view.count.count).toBe(said.at(-1));
      }),
    );
  });
});
