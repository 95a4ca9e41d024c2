import { useApi } from "./use-api.ts";
import { useResource } from "./use-resource.ts";

const EVERY_MS = 10_000;

/** Last and next runs of what runs by itself (admin). */
export function useJobs() {
  const api = useApi();
  return useResource(() => api.jobs(), { everyMs: EVERY_MS });
}
