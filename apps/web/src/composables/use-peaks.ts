import type { PeakScope } from "@presence/api-contract";
import { useApi } from "./use-api.ts";
import { useResource } from "./use-resource.ts";

const EVERY_MS = 10_000;

/** The most that were online, and beginning one of them anew (admin). */
export function usePeaks() {
  const api = useApi();
  const peaks = useResource(() => api.peaks(), { everyMs: EVERY_MS });
  return {
    ...peaks,
    async reset(scope: PeakScope, reason: string): Promise<void> {
      peaks.data.value = await api.resetPeak({ channel: "site", scope, reason });
    },
  };
}
