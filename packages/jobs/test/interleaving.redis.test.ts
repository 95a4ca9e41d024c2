import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sequences } from "./interleaving/operations.ts";
import { play, type Played } from "./interleaving/play.ts";
import { createWorld, startClustered, startStandalone } from "./interleaving/world.ts";

/** How many seconds each store is tried for. What runs at once falls out differently each time all the same. */
const SECONDS = Number(process.env["INTERLEAVING_SECONDS"] ?? 12);

/** Which sequences: the same ones each time, others by another number. */
const SEED = Number(process.env["INTERLEAVING_SEED"] ?? 20_261_125);

/**
 * Whether connections break, stores are away and lose their data as well: for a search of minutes, whose findings
 * somebody judges. The order in which a network delivers what a process gave up is more than the model knows.
 */
const CAN_BREAK = process.env["INTERLEAVING_FAULTS"] === "yes";

/** Never reached in so many seconds: the time is what ends it. */
const MOST_SEQUENCES = 100_000;

describe.concurrent("any interleaving of three processes", () => {
  it.each([
    ["one Redis, each behind a proxy of its own", startStandalone],
    ["a cluster of three masters", startClustered],
  ])(
    "tells of nobody and lacks nobody that it should not, over %s",
    async (where, startGround) => {
      await using world = await createWorld(await startGround());
      const played: Played = {
        sequences: 0,
        operations: 0,
        interleavings: 0,
        freshReads: 0,
        completeCounts: 0,
        faults: 0,
      };
      let playing = Promise.resolve();
      const result = await fc.check(
        fc.asyncProperty(
          sequences({ ...world.kind, canBreak: CAN_BREAK }),
          (steps) => (playing = play(world, steps, played)),
        ),
        {
          numRuns: MOST_SEQUENCES,
          interruptAfterTimeLimit: SECONDS * 1_000,
          seed: SEED,
        },
      );
      // Its report names the seed, and the shortest sequence that fails: INTERLEAVING_SEED plays it again.
      if (result.failed && result.counterexample !== null) {
        await playing.catch(() => {});
        throw new Error(fc.defaultReportMessage(result), { cause: result.errorInstance });
      }
      // The one that was being played when the time was up.
      await playing;
      console.log(`${where}: seed ${SEED}, ${JSON.stringify(played)}`);
      expect(played.sequences).toBeGreaterThan(0);
    },
    (SECONDS + 240) * 1_000,
  );
});
