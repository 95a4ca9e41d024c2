import { PresenceError } from "../../src/index.ts";
import { createMemoryStore, type Clock, type PresenceStore } from "../../src/index.ts";

/** A memory store that can be taken away, made slow, or made to refuse: faults no real store gives on demand. */
export interface UnreliableStore extends PresenceStore {
  fail(code: "PRESENCE_STORE_UNAVAILABLE" | "PRESENCE_STORE_REFUSED" | null): void;
  /** Answers are held back until `release` is called. */
  hold(): void;
  release(): void;
  readonly writes: { readonly visitors: number; readonly channels: readonly string[] }[];
}

export function createUnreliableStore(clock?: Clock): UnreliableStore {
  const inner = createMemoryStore(clock === undefined ? {} : { clock });
  const writes: { visitors: number; channels: readonly string[] }[] = [];
  let failure: PresenceError | null = null;
  let gate: Promise<void> | null = null;
  let open: () => void = () => {};

  async function pass<T>(answer: () => Promise<T>): Promise<T> {
    if (gate !== null) await gate;
    if (failure !== null) throw failure;
    return answer();
  }

  return {
    ...inner,
    isReady: () => failure === null,
    record: (sightings, options) => {
      let visitors = 0;
      for (const ofChannel of sightings.values()) visitors += ofChannel.size;
      writes.push({ visitors, channels: [...sightings.keys()] });
      return pass(() => inner.record(sightings, options));
    },
    count: (channel, bounds) => pass(() => inner.count(channel, bounds)),
    list: (channel, bounds, options) => pass(() => inner.list(channel, bounds, options)),
    register: (writer, options) => pass(() => inner.register(writer, options)),
    writes,
    fail(code) {
      failure = code === null ? null : new PresenceError(code, "made to fail");
    },
    hold() {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    release() {
      open();
      gate = null;
    },
  };
}
