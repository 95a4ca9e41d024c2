import type { IncomingHttpHeaders } from "node:http";
import { PresenceError } from "@presence/core";
import { type Destination, openDestination } from "./destination.ts";
import { createReport, createStoreHealth } from "./events.ts";
import { createGuard, type Guard } from "./guard.ts";
import type { PresenceHandle } from "./handle.ts";
import type { PresenceOptions } from "./options.ts";
import { createRouting } from "./routing.ts";
import { createTally } from "./tally.ts";

/** A handle that an adapter feeds with requests. */
export interface Counter<Request> extends PresenceHandle {
  readonly guard: Guard;
  /** Records who sent `request`. Awaits nothing and never throws. */
  record(request: Request, peer: string | undefined, headers: IncomingHttpHeaders): void;
  /** Closes until the next request or count, which open again: for a server that ends and may come back. */
  rest(): Promise<void>;
}

/**
 * Counts the requests of one application.
 *
 * @throws {PresenceError | ClientAddressError | PresenceClientError} for an option that cannot be used.
 */
export function createCounter<Request>(options: PresenceOptions<Request>): Counter<Request> {
  const report = createReport(options.onEvent);
  const guard = createGuard(report);
  const tally = createTally(report);
  const health = createStoreHealth(report);
  const channelsOf = createRouting(options, guard);
  const open = (): Destination => openDestination(options, { report, health, tally });
  let destination: Destination | null = open();
  const ending = new Map<Destination, Promise<void>>();
  let closed: Promise<void> | null = null;
  let recorded = 0;

  async function rest(): Promise<void> {
    const former = destination;
    destination = null;
    if (former !== null)
      ending.set(
        former,
        former.close().finally(() => ending.delete(former)),
      );
    await Promise.all(ending.values());
  }

  /** Answers why a request is not counted, or `null`. */
  function take(request: Request, peer: string | undefined, headers: IncomingHttpHeaders): string | null {
    if (closed !== null) return "closed";
    const channels = channelsOf(request);
    if (typeof channels === "string") return channels;
    destination ??= open();
    return destination.record(peer, headers, channels);
  }

  return {
    guard,
    rest,

    record(request, peer, headers) {
      try {
        const reason = take(request, peer, headers);
        if (reason === null) recorded += 1;
        else tally.add(reason, 1);
      } catch (error) {
        guard.fail("presence", error);
      }
    },

    async count(countOptions = {}) {
      if (closed !== null) throw new PresenceError("PRESENCE_CLOSED", "presence is closed");
      // What the former one still sends is to be counted.
      await Promise.all(ending.values());
      destination ??= open();
      return destination.count(countOptions);
    },

    stats() {
      let pending = destination?.pending() ?? 0;
      for (const former of ending.keys()) pending += former.pending();
      return { recorded, refused: tally.numbers(), pending };
    },
    close: () => (closed ??= rest()),
  };
}
