/** The name of `known` that `name` most likely means, or `null` where none is near. */
export function nearest(name: string, known: readonly string[]): string | null {
  // A third of a name mistyped is another name.
  let fewest = Math.max(1, Math.floor(name.length / 3)) + 1;
  let found: string | null = null;
  for (const candidate of known) {
    const edits = candidate.startsWith(name) && name.length > 2 ? 1 : editDistance(name, candidate);
    if (edits < fewest) {
      fewest = edits;
      found = candidate;
    }
  }
  return found;
}

/** A sentence that suggests the nearest of `known`, or nothing. */
export function suggestion(name: string, known: readonly string[], prefix = ""): string {
  const found = nearest(name, known);
  return found === null ? "" : ` Did you mean ${prefix}${found}?`;
}

/** Edits from one text to the other, two neighbours swapped being one (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const substituted = (above[column - 1] ?? 0) + (isSame ? 0 : 1);
      const isSwap =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(substituted, swapped, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    before = above;
    above = current;
  }
  return above[to.length] ?? 0;
}
