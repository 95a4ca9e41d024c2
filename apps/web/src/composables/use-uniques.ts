import { useApi } from "./use-api.ts";
import { useResource } from "./use-resource.ts";

/** How many days are shown, today included. */
const DAYS = 7;
const EVERY_MS = 60_000;

/** Distinct visitors of the last days. */
export function useUniques() {
  const api = useApi();
  return useResource(() => api.uniques(DAYS), { everyMs: EVERY_MS });
}
