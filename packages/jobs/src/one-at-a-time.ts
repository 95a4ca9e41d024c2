/** What a guarded run answers: what it did, or that another one was under way. */
export type GuardedRun<T> = { readonly ran: true; readonly value: T } | { readonly ran: false };

/**
 * Lets one run at a time through in this process. A call that comes while another is under way does nothing, and
 * says so. Runs of other processes are not its matter.
 */
export function oneAtATime<Args extends readonly unknown[], T>(
  run: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<GuardedRun<T>> {
  let isRunning = false;
  return async (...args) => {
    if (isRunning) return { ran: false };
    isRunning = true;
    try {
      return { ran: true, value: await run(...args) };
    } finally {
      isRunning = false;
    }
  };
}
