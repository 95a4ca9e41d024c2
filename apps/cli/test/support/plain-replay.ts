/** A request as the model sees it. */
export interface PlainSighting {
  readonly visitor: string;
  readonly atMs: number;
}

/** What a replay of sightings must answer, computed the slow and obvious way. */
export interface PlainReplay {
  readonly visitors: number;
  readonly late: number;
  readonly points: readonly { readonly at: string; readonly count: number }[];
  readonly peak: { readonly count: number; readonly at: string } | null;
}

/** Options of {@link plainReplay}, in the words of the command. */
export interface PlainReplayOptions {
  readonly windowSeconds: number;
  readonly stepSeconds: number;
  /** How far behind the latest line one may come, in milliseconds; `Infinity` with `--sort`. @default 600000 */
  readonly disorderMs?: number;
}

/** Looks at every sighting for every point it may belong to. */
export function plainReplay(
  sightings: readonly PlainSighting[],
  { windowSeconds, stepSeconds, disorderMs = 600_000 }: PlainReplayOptions,
): PlainReplay {
  const windowMs = windowSeconds * 1_000;
  const stepMs = stepSeconds * 1_000;
  const taken: PlainSighting[] = [];
  let latestMs = -Infinity;
  for (const sighting of sightings) {
    latestMs = Math.max(latestMs, sighting.atMs);
    if (sighting.atMs >= latestMs - disorderMs) taken.push(sighting);
  }
  const earliestMs = taken.reduce((earliest, { atMs }) => Math.min(earliest, atMs), Infinity);
  const online = new Map<number, Set<string>>();
  for (let atMs = Math.ceil(earliestMs / stepMs) * stepMs; atMs < latestMs + windowMs; atMs += stepMs) {
    online.set(atMs, new Set());
  }
  for (const { visitor, atMs } of taken) {
    // Every point with the sighting in (point - window, point].
    for (let pointMs = Math.ceil(atMs / stepMs) * stepMs; pointMs - windowMs < atMs; pointMs += stepMs) {
      online.get(pointMs)?.add(visitor);
    }
  }
  const points = [...online].map(([atMs, { size }]) => ({ at: new Date(atMs).toISOString(), count: size }));
  const most = points.reduce((largest, { count }) => Math.max(largest, count), 0);
  return {
    visitors: new Set(taken.map(({ visitor }) => visitor)).size,
    late: sightings.length - taken.length,
    points,
    peak: points.find(({ count }) => count === most) ?? null,
  };
}
