import type { Peak, Peaks, PeakScope } from "./types.ts";

/** {@link Peak} as every surface says it: its instant as ISO 8601 UTC. */
export interface PeakJson {
  readonly count: number;
  readonly at: string;
}

/** {@link Peaks} as every surface says them. */
export interface PeaksJson {
  readonly channel: string;
  readonly asOf: string;
  readonly timeZone: string;
  readonly today: PeakJson | null;
  readonly last7Days: PeakJson | null;
  readonly allTime: PeakJson | null;
  readonly resets: readonly {
    readonly scope: PeakScope;
    readonly at: string;
    readonly reason: string;
    readonly previous: PeakJson | null;
  }[];
}

/** The answer of `/v1/peaks` and of `presence-cli peaks --format json`. */
export function peaksJson({ channel, asOfMs, timeZone, resets, ...peaks }: Peaks): PeaksJson {
  return {
    channel,
    asOf: isoTime(asOfMs),
    timeZone,
    today: peakJson(peaks.today),
    last7Days: peakJson(peaks.last7Days),
    allTime: peakJson(peaks.allTime),
    resets: resets.map(({ scope, atMs, reason, previous }) => ({
      scope,
      at: isoTime(atMs),
      reason,
      previous: peakJson(previous),
    })),
  };
}

function peakJson(peak: Peak | null): PeakJson | null {
  return peak === null ? null : { count: peak.count, at: isoTime(peak.atMs) };
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
