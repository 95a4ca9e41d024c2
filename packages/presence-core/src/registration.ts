import type { PresenceEvent } from "./presence-types.ts";
import type { Recorder } from "./recorder.ts";
import type { PresenceStore } from "./store.ts";
import type { WriterProfile } from "./types.ts";
import { REGISTER_EVERY_MS } from "./writers.ts";

/** What the registration needs to know. */
export interface RegistrationOptions {
  readonly store: PresenceStore;
  readonly recorder: Recorder;
  readonly writer: WriterProfile & { readonly id: string };
  readonly keyTtlSeconds: number;
  readonly onEvent: (event: PresenceEvent) => void;
}

/**
 * Keeps the store knowing that this process records. While its writes fail it does not say so: others must not
 * take their count for a whole one.
 */
export interface Registration {
  /** Registers now and each five seconds from now on; nothing where it already does. */
  start(): void;
  /**
   * A write has reached the store, under this epoch: registers anew where it is another one than this process
   * registered under, and where it was time to while nothing could be written.
   */
  seeEpoch(epoch: string | null): void;
  /** Whether the store did not take the last registration. */
  isFailing(): boolean;
  /** Ends the timer and takes the registration back. Never rejects. */
  stop(): Promise<void>;
}

export function createRegistration(options: RegistrationOptions): Registration {
  const { store, recorder, writer, keyTtlSeconds, onEvent } = options;
  let timer: NodeJS.Timeout | null = null;
  let known: string | null = null;
  let isUnderWay = false;
  let isOverdue = false;
  let isFailing = false;

  async function register(): Promise<void> {
    if (isUnderWay) return;
    isOverdue = !store.isReady() || recorder.isFailing();
    if (isOverdue) return;
    isUnderWay = true;
    const losses = recorder.losses();
    try {
      const { epoch, writers } = await store.register(writer, {
        nowMs: store.nowMs(),
        ttlSeconds: keyTtlSeconds,
        gap: recorder.hasGap(),
      });
      recorder.settleLosses(losses);
      if (known !== null && epoch !== known)
        onEvent({ kind: "epoch-changed", epoch, sentAgain: recorder.sendAgain() });
      known = epoch;
      isFailing = false;
      onEvent({ kind: "registered", writers });
    } catch (error) {
      isFailing = true;
      onEvent({
        kind: "registration-failed",
        error: error instanceof Error ? error : new Error(String(error)),
      });
    } finally {
      isUnderWay = false;
    }
  }

  return {
    start() {
      if (timer !== null) return;
      timer = setInterval(() => void register(), REGISTER_EVERY_MS);
      timer.unref();
      void register();
    },
    seeEpoch(epoch) {
      if (isOverdue || epoch === null || epoch !== known) void register();
    },
    isFailing: () => isFailing,
    async stop() {
      if (timer === null) return;
      clearInterval(timer);
      await store.unregister(writer.id).catch(() => {});
    },
  };
}
