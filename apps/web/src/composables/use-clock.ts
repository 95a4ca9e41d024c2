import { onScopeDispose, readonly, ref, type Ref } from "vue";

/**
 * The page's monotonic clock in milliseconds, told each second (less often in a hidden tab, as the browser
 * sees fit) and at once when the tab is shown again.
 */
export function useClock(): Readonly<Ref<number>> {
  const nowMs = ref(performance.now());
  const tell = () => {
    nowMs.value = performance.now();
  };
  const timer = setInterval(tell, 1_000);
  document.addEventListener("visibilitychange", tell);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tell);
  });
  return readonly(nowMs);
}
