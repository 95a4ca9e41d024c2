import { watch } from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Lines that arrive one by one are read in company, in milliseconds. */
const GATHER_MS = 20;

/** Waits for something to happen to a file. */
export interface WakeUp {
  /** Resolves soon after the file has changed, and after `timeoutMs` in any case, and at once when it is aborted. */
  wait(timeoutMs: number): Promise<void>;
  close(): void;
}

/**
 * The system tells of changes in the file's directory where it can. That is a hint only: on some file systems it
 * tells nothing, and it may have no watcher left to give.
 */
export function createWakeUp(path: string, signal: AbortSignal): WakeUp {
  let hasChanged = false;
  let wake = (): void => {};
  const onChange = (_event: string, name: string | null): void => {
    if (name !== null && name !== basename(path)) return;
    hasChanged = true;
    wake();
  };
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  const watcher = startWatching(path, onChange);

  return {
    async wait(timeoutMs) {
      if (!hasChanged && !signal.aborted) {
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        const timer = setTimeout(woken.resolve, timeoutMs);
        await woken.promise;
        clearTimeout(timer);
      }
      if (!signal.aborted) await delay(GATHER_MS);
      hasChanged = false;
    },
    close() {
      signal.removeEventListener("abort", onAbort);
      watcher?.close();
    },
  };
}

function startWatching(path: string, onChange: (event: string, name: string | null) => void) {
  try {
    const watcher = watch(dirname(path), onChange);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    // Looking from time to time does it too.
    return null;
  }
}
