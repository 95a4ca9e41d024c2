/** A number between -1 and 1 that belongs to `index`: the same in every run, and no pattern to the eye. */
export function noise(index: number): number {
  const mixed = Math.imul(Math.imul(index ^ 0x9e3779b9, 0x85ebca6b) ^ (index >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1;
}

/** The same, without jumps: from one whole number to the next it changes evenly. */
export function smoothNoise(at: number): number {
  const before = Math.floor(at);
  return noise(before) + (noise(before + 1) - noise(before)) * (at - before);
}
