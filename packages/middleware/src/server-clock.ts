/** The `Date` header counts in whole seconds: a smaller difference means nothing. */
const HEADER_RESOLUTION_MS = 1_000;

/** This process's clock, and how the server's differs from it. */
export interface ServerClock {
  /** Epoch milliseconds; never goes back. */
  nowMs(): number;
  /** An instant of {@link nowMs} in the server's time, as ISO 8601 UTC. */
  serverTime(atMs: number): string;
  /** `fetch` that learns the difference from the `Date` of each answer. */
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Sightings that waited for the server carry their own times, which it refuses where they are in its future: so
 * they are told in its time.
 */
export function createServerClock(): ServerClock {
  let aheadMs = 0;
  const nowMs = (): number => performance.timeOrigin + performance.now();
  return {
    nowMs,
    serverTime: (atMs) => new Date(atMs + aheadMs).toISOString(),
    async fetch(input, init) {
      const sentMs = nowMs();
      const response = await globalThis.fetch(input, init);
      const serverMs = Date.parse(response.headers.get("date") ?? "") + HEADER_RESOLUTION_MS / 2;
      const differenceMs = serverMs - (sentMs + nowMs()) / 2;
      if (Number.isNaN(differenceMs)) return response;
      aheadMs = Math.abs(differenceMs) > HEADER_RESOLUTION_MS ? differenceMs : 0;
      return response;
    },
  };
}
