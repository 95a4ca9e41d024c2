import { onScopeDispose, reactive } from "vue";
import { useApi } from "./use-api.ts";

/** How long a visitor that shall be forgotten can be kept after all, in milliseconds. */
export const UNDO_MS = 5_000;

/** Where forgetting a visitor stands. */
export type ForgetState = "waiting" | "sending" | "forgotten" | "failed";

/**
 * Forgets visitors with second thoughts: the request goes out {@link UNDO_MS} after the wish, or on leaving the
 * view or the page (admin).
 */
export function useForget(channel: string) {
  const api = useApi();
  const states = reactive(new Map<string, ForgetState>());
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  async function send(visitors: readonly string[], keepalive: boolean): Promise<void> {
    for (const visitor of visitors) {
      clearTimeout(timers.get(visitor));
      timers.delete(visitor);
      states.set(visitor, "sending");
    }
    const state = await api.forget({ visitors, channel }, keepalive).then(
      (): ForgetState => "forgotten",
      (): ForgetState => "failed",
    );
    for (const visitor of visitors) states.set(visitor, state);
  }

  function sendWaiting(): void {
    const waiting = [...timers.keys()];
    if (waiting.length > 0) void send(waiting, true);
  }

  window.addEventListener("pagehide", sendWaiting);
  onScopeDispose(() => {
    window.removeEventListener("pagehide", sendWaiting);
    sendWaiting();
  });

  return {
    states,
    forget(visitor: string): void {
      clearTimeout(timers.get(visitor));
      states.set(visitor, "waiting");
      timers.set(
        visitor,
        setTimeout(() => void send([visitor], false), UNDO_MS),
      );
    },
    /** A new list tells the truth about who is there: what was done before is no longer marked in it. */
    clearDone(): void {
      for (const [visitor, state] of states) {
        if (state === "forgotten" || state === "failed") states.delete(visitor);
      }
    },
    undo(visitor: string): void {
      clearTimeout(timers.get(visitor));
      timers.delete(visitor);
      states.delete(visitor);
    },
  };
}
