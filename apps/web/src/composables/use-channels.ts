import { useApi } from "./use-api.ts";
import { useResource } from "./use-resource.ts";

/** How many pages the list of the fullest shows. */
const TOP_PAGES = 20;
const EVERY_MS = 5_000;

/** The pages with the most visitors (admin). */
export function useTopPages() {
  const api = useApi();
  return useResource(() => api.channels({ prefix: "page:", limit: TOP_PAGES }), { everyMs: EVERY_MS });
}
