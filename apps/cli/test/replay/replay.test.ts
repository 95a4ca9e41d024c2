import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLogLine } from "../../src/access-log/log-line.ts";
import { createReplay } from "../../src/replay/replay.ts";
import { plainReplay, type PlainReplayOptions, type PlainSighting } from "../support/plain-replay.ts";

const START_MS = Date.UTC(2026, 0, 1);

/** The command's engine, fed with sightings of a few visitors. */
function replayOf(sightings: readonly PlainSighting[], options: PlainReplayOptions) {
  const replay = createReplay({
    ...options,
    anyOrder: options.disorderMs === Infinity,
    visitors: { isMasked: false, ipv6Prefix: 64 },
  });
  const line = createLogLine();
  for (const { visitor, atMs } of sightings) {
    Object.assign(line, { w3: Number(visitor), atMs });
    replay.see(line);
  }
  const points = [...replay.points()].map(({ atMs, count }) => ({ at: new Date(atMs).toISOString(), count }));
  expect(points).toHaveLength(replay.length());
  const most = Math.max(0, ...points.map(({ count }) => count));
  return {
    visitors: replay.visitors(),
    late: replay.late(),
    points,
    peak: points.find(({ count }) => count === most) ?? null,
  };
}

const sightings = (spanMs: number) =>
  fc.array(
    fc.record({
      visitor: fc.integer({ min: 0, max: 4 }).map(String),
      atMs: fc.integer({ min: 0, max: spanMs }).map((ms) => START_MS + ms),
    }),
    { minLength: 1, maxLength: 60 },
  );

const lengths = fc.record({
  windowSeconds: fc.constantFrom(1, 5, 59, 60, 61, 300, 1_800),
  stepSeconds: fc.constantFrom(1, 7, 60, 61, 900),
});

describe("a replay", () => {
  it("is what the plain model says, for lines up to ten minutes out of order", () => {
    fc.assert(
      fc.property(sightings(600_000), lengths, (seen, options) => {
        expect(replayOf(seen, options)).toEqual(plainReplay(seen, options));
      }),
    );
  });

  it("leaves out what comes later than that, and says how much", () => {
    fc.assert(
      fc.property(sightings(3_600_000), lengths, (seen, options) => {
        expect(replayOf(seen, options)).toEqual(plainReplay(seen, options));
      }),
    );
  });

  it("takes any order when it is told so", () => {
    fc.assert(
      fc.property(sightings(7_200_000), lengths, (seen, { windowSeconds, stepSeconds }) => {
        const options = { windowSeconds, stepSeconds: stepSeconds + 1, disorderMs: Infinity };
        expect(replayOf(seen, options)).toEqual(plainReplay(seen, options));
      }),
    );
  });

  it("is the same for every order within ten minutes", () => {
    const shuffled = sightings(600_000).chain((seen) =>
      fc.tuple(fc.constant(seen), fc.shuffledSubarray(seen, { minLength: seen.length })),
    );
    fc.assert(
      fc.property(shuffled, lengths, ([seen, again], options) => {
        expect(replayOf(again, options)).toEqual(replayOf(seen, options));
      }),
    );
  });

  it("keeps pace with a long log in disorder", () => {
    // Long enough for every range to be let go, and its place to be taken, many times over.
    const seen = Array.from({ length: 20_000 }, (_, index) => ({
      visitor: String((index * 7_919) % 97),
      atMs: START_MS + index * 500 - ((index * 104_729) % 600) * 999,
    }));
    const options = { windowSeconds: 45, stepSeconds: 30 };
    expect(replayOf(seen, options)).toEqual(plainReplay(seen, options));
  });

  it("counts a sighting at its own instant and no longer at the end of its window", () => {
    const seen = [{ visitor: "1", atMs: START_MS }];
    expect(replayOf(seen, { windowSeconds: 60, stepSeconds: 20 }).points).toEqual([
      { at: "2026-01-01T00:00:00.000Z", count: 1 },
      { at: "2026-01-01T00:00:20.000Z", count: 1 },
      { at: "2026-01-01T00:00:40.000Z", count: 1 },
    ]);
  });

  it("has no point where the only sighting falls between two", () => {
    const seen = [{ visitor: "1", atMs: START_MS + 1 }];
    const { points, visitors, peak } = replayOf(seen, { windowSeconds: 1, stepSeconds: 60 });
    expect({ points, visitors, peak }).toEqual({ points: [], visitors: 1, peak: null });
  });

  it("is empty without a line", () => {
    expect(replayOf([], { windowSeconds: 60, stepSeconds: 60 })).toEqual({
      visitors: 0,
      late: 0,
      points: [],
      peak: null,
    });
  });
});
