import { onScopeDispose, shallowRef, watch } from "vue";
import { useApi } from "./use-api.ts";
import { useOnline } from "./use-online.ts";
import { useSession } from "./use-session.ts";

const EVERY_MS = 2_000;

/** Whether something new has been seen since the view was opened, and who, where one may know. */
export type FirstSighting =
  | { readonly state: "waiting" }
  | { readonly state: "seen"; readonly visitor: string | null };

/**
 * Waits for a sighting that comes after now. An admin is told who it was; anybody else sees the number rise.
 */
export function useFirstSighting() {
  const api = useApi();
  const online = useOnline();
  const session = useSession();
  const sighting = shallowRef<FirstSighting>({ state: "waiting" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The server's time of the first look; later sightings are news. */
  let startedMs: number | null = null;
  let lowest = Number.POSITIVE_INFINITY;
  let isOver = false;

  async function look(): Promise<void> {
    clearTimeout(timer);
    if (isOver || sighting.value.state === "seen" || !session.isAdmin.value) return;
    // A server that cannot be asked just now is asked again.
    const page = await api.visitors({ limit: 1, order: "recent" }).catch(() => null);
    const [latest] = page?.visitors ?? [];
    if (startedMs !== null && latest !== undefined && Date.parse(latest.lastSeen) > startedMs) {
      sighting.value = { state: "seen", visitor: latest.visitor };
    }
    if (page !== null) startedMs ??= Date.parse(page.asOf);
    if (!isOver) timer = setTimeout(() => void look(), EVERY_MS);
  }

  watch(
    online.view,
    (view) => {
      if (session.isAdmin.value || (view.state !== "live" && view.state !== "polling")) return;
      if (view.count.count > lowest) sighting.value = { state: "seen", visitor: null };
      lowest = Math.min(lowest, view.count.count);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    isOver = true;
    clearTimeout(timer);
  });
  void look();

  return {
    sighting,
    /** Waits anew, from now on. */
    restart(): void {
      startedMs = null;
      lowest = Number.POSITIVE_INFINITY;
      sighting.value = { state: "waiting" };
      void look();
    },
  };
}
