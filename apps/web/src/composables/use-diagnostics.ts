import { useApi } from "./use-api.ts";
import { useResource } from "./use-resource.ts";

const EVERY_MS = 15_000;

/** How the answering process is, and what it found (admin). */
export function useDiagnostics() {
  const api = useApi();
  return useResource(() => api.diagnostics(), { everyMs: EVERY_MS });
}
