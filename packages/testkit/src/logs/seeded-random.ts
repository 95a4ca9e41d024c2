/** Numbers in [0, 1). */
export type Random = () => number;

/** The same numbers for the same seed: 32-bit xorshift (Marsaglia 2003, doi:10.18637/jss.v008.i14). Not for secrets. */
export function seededRandom(seed: number): Random {
  // Neighbouring seeds begin alike; a large odd factor drives them apart. Zero would stay zero.
  let state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
