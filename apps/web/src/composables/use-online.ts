import { computed, inject, type InjectionKey, shallowRef, watch, type WatchSource } from "vue";
import type { Api } from "../api/client.ts";
import { followOnline, type Heard } from "../api/follow.ts";
import { NOTHING_HEARD, type OnlineMemory, remember, viewAt } from "../lib/online-view.ts";
import { needed } from "./use-api.ts";
import { useClock } from "./use-clock.ts";

/** A value of the number at an instant of the page's monotonic clock; `null` where it was not known. */
export interface TrailPoint {
  readonly atMs: number;
  readonly count: number | null;
}

/** How far back the trail goes, in milliseconds. */
export const TRAIL_MS = 60_000;

/** The number as it is, and its last minute. */
export type Online = ReturnType<typeof createOnline>;

/** Where the app keeps its {@link Online}. */
export const ONLINE_KEY: InjectionKey<Online> = Symbol("online");

/** Follows the number for as long as the scope lives; anew whenever the token changes. */
export function createOnline(api: Pick<Api, "online" | "stream">, token: WatchSource<string | null>) {
  const nowMs = useClock();
  const memory = shallowRef<OnlineMemory>(NOTHING_HEARD);
  const trail = shallowRef<readonly TrailPoint[]>([]);

  function hear(heard: Heard): void {
    const atMs = performance.now();
    memory.value = remember(memory.value, heard, atMs);
    const view = viewAt(memory.value, atMs);
    const count = view.state === "live" || view.state === "polling" ? view.count.count : null;
    const recent = trail.value.filter(
      (point, index, all) => (all[index + 1]?.atMs ?? atMs) > atMs - TRAIL_MS,
    );
    trail.value = [...recent, { atMs, count }];
  }

  watch(
    token,
    (_now, _before, onCleanup) => {
      onCleanup(followOnline(api, hear));
    },
    { immediate: true },
  );

  return {
    nowMs,
    /** The server's clock as this page can tell it, in epoch milliseconds; the page's own before any answer. */
    serverNowMs(): number {
      const { last } = memory.value;
      if (last === null) return performance.timeOrigin + performance.now();
      return Date.parse(last.count.asOf) + last.count.ageMs + performance.now() - last.atMs;
    },
    /** Steps of the number, earliest first; each holds until the next. */
    trail,
    view: computed(() => viewAt(memory.value, Math.max(nowMs.value, memory.value.last?.atMs ?? 0))),
  };
}

/** The number as it is, and its last minute. */
export function useOnline(): Online {
  return needed(inject(ONLINE_KEY), "number");
}
