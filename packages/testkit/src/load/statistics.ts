import type { Percentiles, PhaseReport } from "./options.ts";

/** Adds up the requests of one phase. */
export interface PhaseStatistics {
  sent(visitor: string): void;
  began(delayMs: number): void;
  answered(visitor: string, status: number, latencyMs: number): void;
  failed(reason: string): void;
  report(): PhaseReport;
}

/** Begins with nothing. */
export function phaseStatistics(phase: string): PhaseStatistics {
  const statuses: Record<string, number> = {};
  const errors: Record<string, number> = {};
  const [visitorsSent, visitorsAnswered] = [new Set<string>(), new Set<string>()];
  const [latencies, delays] = [samples(), samples()];
  let [sent, answered] = [0, 0];
  return {
    sent(visitor) {
      sent += 1;
      visitorsSent.add(visitor);
    },
    began: (delayMs) => delays.add(delayMs),
    answered(visitor, status, latencyMs) {
      answered += 1;
      visitorsAnswered.add(visitor);
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.add(latencyMs);
    },
    failed(reason) {
      errors[reason] = (errors[reason] ?? 0) + 1;
    },
    report: () => ({
      phase,
      sent,
      answered,
      statuses,
      errors,
      visitorsSent: visitorsSent.size,
      visitorsAnswered: visitorsAnswered.size,
      latencyMs: latencies.percentiles(),
      delayMs: delays.percentiles(),
    }),
  };
}

interface Samples {
  add(value: number): void;
  percentiles(): Percentiles;
}

/** Every value is kept, four bytes each: percentiles are exact, and half an hour at 2,000 a second is 14 MB. */
function samples(): Samples {
  let values = new Float32Array(4_096);
  let length = 0;
  return {
    add(value) {
      if (length === values.length) {
        const larger = new Float32Array(2 * length);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    percentiles() {
      const sorted = values.subarray(0, length).toSorted();
      // Nearest rank: the smallest value that so large a part does not exceed.
      const at = (part: number): number => {
        const value = sorted[Math.max(0, Math.ceil(part * length) - 1)] ?? 0;
        return Math.round(value * 100) / 100;
      };
      return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
    },
  };
}
