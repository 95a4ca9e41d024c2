import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { ApiError } from "../api/problem.ts";

/** Something the server answers, as of the last time it did. */
export interface Resource<Answer> {
  /** The last answer; `null` before the first. It stays when asking again fails. */
  readonly data: ShallowRef<Answer | null>;
  /** Why the last question failed; `null` when it did not. */
  readonly error: ShallowRef<ApiError | null>;
  readonly isLoading: Ref<boolean>;
  /** When `data` arrived, on the page's monotonic clock. */
  readonly arrivedMs: Ref<number>;
  readonly refresh: () => Promise<void>;
}

/** Options of {@link useResource}. */
export interface ResourceOptions {
  /** Ask again after this many milliseconds while the page is visible. @default never */
  readonly everyMs?: number;
}

/** Asks now and, where told, again and again; a later question's answer is never replaced by an earlier one's. */
export function useResource<Answer>(
  ask: () => Promise<Answer>,
  { everyMs }: ResourceOptions = {},
): Resource<Answer> {
  const data = shallowRef<Answer | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const isLoading = ref(false);
  const arrivedMs = ref(0);
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    const own = ++turn;
    isLoading.value = true;
    try {
      const answer = await ask();
      if (own !== turn) return;
      data.value = answer;
      arrivedMs.value = performance.now();
      error.value = null;
    } catch (failure) {
      if (own !== turn) return;
      if (!(failure instanceof ApiError)) throw failure;
      error.value = failure;
    } finally {
      if (own === turn) {
        isLoading.value = false;
        schedule();
      }
    }
  }

  function schedule(): void {
    if (everyMs === undefined || isOver || document.visibilityState === "hidden") return;
    timer = setTimeout(() => void refresh(), everyMs);
  }

  function onVisibility(): void {
    clearTimeout(timer);
    if (document.visibilityState === "visible" && everyMs !== undefined && !isLoading.value) void refresh();
  }

  document.addEventListener("visibilitychange", onVisibility);
  onScopeDispose(() => {
    isOver = true;
    turn += 1;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisibility);
  });
  void refresh();
  return { data, error, isLoading, arrivedMs, refresh };
}
