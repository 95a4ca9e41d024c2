/** A value at a time, in milliseconds. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** How much the values rise in a minute, by least squares; 0 for fewer than two. */
export function slopePerMinute(samples: readonly Sample[]): number {
  const meanMs = mean(samples.map(({ atMs }) => atMs));
  const meanValue = mean(samples.map(({ value }) => value));
  const spread = samples.reduce((sum, { atMs }) => sum + (atMs - meanMs) ** 2, 0);
  if (spread === 0) return 0;
  const together = samples.reduce((sum, { atMs, value }) => sum + (atMs - meanMs) * (value - meanValue), 0);
  return (together / spread) * 60_000;
}

/** The middle one of the values. */
export function median(samples: readonly Sample[]): number {
  const sorted = samples.map(({ value }) => value).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
