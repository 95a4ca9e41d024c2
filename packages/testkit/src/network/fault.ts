/**
 * What a {@link FaultProxy} does to the bytes between a client and its server.
 *
 * - `pass`: nothing.
 * - `refuse`: nobody listens; open connections are reset.
 * - `reset`: connections are taken and reset at once; open ones too.
 * - `blackhole`: connections are taken and stay open, no byte goes either way. What was held goes on its way after.
 * - `latencyMs`: every answer comes this much later than it would; half of it on the way there.
 * - `dripBytesPerSecond`: answers come this slowly.
 * - `answersError`: no command reaches Redis; each is answered with this error, `LOADING Redis is loading`.
 * - `cutAfterBytes`: each connection is reset after so many bytes of answers, counted from now.
 */
export type Fault =
  | "pass"
  | "refuse"
  | "reset"
  | "blackhole"
  | { readonly latencyMs: number }
  | { readonly dripBytesPerSecond: number }
  | { readonly answersError: string }
  | { readonly cutAfterBytes: number };

/** The fault in force, and a promise of its end. */
export interface FaultSwitch {
  readonly fault: Fault;
  /** Settles when another fault comes into force. */
  readonly changed: Promise<void>;
  turn(fault: Fault): void;
}

/** A switch that begins at `pass`. */
export function faultSwitch(): FaultSwitch {
  let fault: Fault = "pass";
  let next = Promise.withResolvers<void>();
  return {
    get fault() {
      return fault;
    },
    get changed() {
      return next.promise;
    },
    turn(another) {
      fault = another;
      const { resolve } = next;
      next = Promise.withResolvers<void>();
      resolve();
    },
  };
}
