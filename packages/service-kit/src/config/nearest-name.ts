/** What a character missing at the end of a name weighs, against one that differs. */
const MISSING_END_WEIGHT = 0.2;

/**
 * The name of `known` that `name` was most likely meant to be, the first of equals: few edits, where an end left
 * out weighs little (`PRESENCE_WINDOW` is short for `PRESENCE_WINDOW_SECONDS`). `known` must not be empty.
 */
export function nearestName(name: string, known: readonly string[]): string {
  let nearest = known[0] ?? "";
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = distanceTo(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein distance to the prefix of `candidate` that is nearest, plus a little for its missing end. */
function distanceTo(name: string, candidate: string): number {
  let above = Array.from({ length: candidate.length + 1 }, (_, column) => column);
  for (let row = 1; row <= name.length; row++) {
    const current = [row];
    for (let column = 1; column <= candidate.length; column++) {
      const substitution = (above[column - 1] ?? 0) + (name[row - 1] === candidate[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return Math.min(...above.map((edits, length) => edits + MISSING_END_WEIGHT * (candidate.length - length)));
}
