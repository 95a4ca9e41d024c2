import type { Presence } from "@presence/core";

/** How many are recorded between two flushes: a turn of the event loop that is too long would miss its answers. */
const AT_A_TIME = 2_000;

/** Records sightings numbered below `amount`, as fast as the store takes them. @throws {Error} for a refused one. */
export async function recordAll(
  presence: Presence,
  amount: number,
  record: (number: number) => string | null,
): Promise<void> {
  for (let number = 0; number < amount; number += 1) {
    const refused = record(number);
    if (refused !== null) throw new Error(`a sighting was refused: ${refused}`);
    // oxlint-disable-next-line no-await-in-loop
    if ((number + 1) % AT_A_TIME === 0) await presence.flush();
  }
  await presence.flush();
}
