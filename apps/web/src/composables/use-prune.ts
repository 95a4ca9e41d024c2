import type { PruneAnswer } from "@presence/api-contract";
import { ref, shallowRef } from "vue";
import { ApiError } from "../api/problem.ts";
import { useApi } from "./use-api.ts";
import { useResource } from "./use-resource.ts";

const EVERY_MS = 15_000;
/** Longest one prune may take, in milliseconds; what is left waits for the next. */
const PRUNE_MS = 5_000;

/** A prune that was asked for by hand, and what came of it. */
export interface PruneReport {
  readonly isDryRun: boolean;
  readonly answer: PruneAnswer;
}

/** How many expired visitors wait, and removing them (admin). */
export function usePrune(onPruned: () => void) {
  const api = useApi();
  const waiting = useResource(() => api.prune({ dryRun: true }), { everyMs: EVERY_MS });
  const report = shallowRef<PruneReport | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const isRunning = ref(false);

  async function run(isDryRun: boolean): Promise<void> {
    isRunning.value = true;
    error.value = null;
    try {
      const answer = await api.prune(isDryRun ? { dryRun: true } : { maxMs: PRUNE_MS });
      report.value = { isDryRun, answer };
      await waiting.refresh();
      if (!isDryRun) onPruned();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      report.value = null;
      error.value = failure;
    } finally {
      isRunning.value = false;
    }
  }

  return { waiting, report, error, isRunning, run };
}

/** What {@link usePrune} gives. */
export type Prune = ReturnType<typeof usePrune>;
