import { createPresenceClient } from "@presence/client";
import { waitUntil } from "@presence/testkit";
import { onTestFinished } from "vitest";

/** A stream that was told to connect again, and did. */
export interface Reconnection {
  /** How long it was asked to wait, in milliseconds. */
  readonly askedMs: number;
  /** When it ended and when the first count came again, by this process's steady clock. */
  readonly endedMs: number;
  readonly againMs: number;
}

/** Those who follow the count through one address, whatever happens behind it. */
export interface Followers {
  /** Waits until each of them has a count, and answers who connected again since this was last asked. */
  whenAllFollow(): Promise<readonly Reconnection[]>;
  /** Why connections did not come about. */
  readonly failures: readonly string[];
}

/** Opens `number` streams as programs do, each as a visitor of its own, until the test ends. */
export async function startFollowers(url: string, number: number): Promise<Followers> {
  const ending = new AbortController();
  const failures: string[] = [];
  let reconnections: Reconnection[] = [];
  let following = 0;

  async function follow(visitor: string): Promise<void> {
    let ended: Pick<Reconnection, "askedMs" | "endedMs"> | null = null;
    let isFollowing = false;
    const client = createPresenceClient({ url, fetch: fetchAs(visitor) });
    for await (const update of client.stream({}, { signal: ending.signal })) {
      if (update.event === "disconnected") {
        if (update.error !== null) failures.push(update.error.message);
        if (isFollowing) following -= 1;
        isFollowing = false;
        ended ??= { askedMs: update.retryInMs, endedMs: performance.now() };
      } else if (!isFollowing) {
        if (ended !== null) reconnections.push({ ...ended, againMs: performance.now() });
        ended = null;
        isFollowing = true;
        following += 1;
      }
    }
  }

  const all = Array.from({ length: number }, (_, index) => follow(`192.168.0.${index}`));
  onTestFinished(async () => {
    ending.abort();
    await Promise.allSettled(all);
  });

  async function whenAllFollow(): Promise<readonly Reconnection[]> {
    await waitUntil(() => following === number, { timeoutMs: 60_000, what: "a count for every stream" });
    const since = reconnections;
    reconnections = [];
    return since;
  }

  await whenAllFollow();
  return { whenAllFollow, failures };
}

function fetchAs(visitor: string): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("X-Forwarded-For", visitor);
    return fetch(input, { ...init, headers });
  };
}

/** How many of `moments`, in milliseconds, are in the fullest second. */
export function fullestSecond(moments: readonly number[]): number {
  return Math.max(...moments.map((from) => moments.filter((at) => at >= from && at < from + 1_000).length));
}
