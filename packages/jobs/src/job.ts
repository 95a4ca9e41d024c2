/** A job as any runner takes it: in the API process, or by the scheduler. */
export interface Job {
  readonly name: string;
  /** It runs at every whole multiple of this since the epoch. */
  readonly everySeconds: number;
  /** Whether a runner that starts makes up for the slot under way, where nobody has run that. @default false */
  readonly catchesUp?: boolean;
  /**
   * Does the work of the slot that begins at `slotMs`; harmless beside another process that does the same. What
   * it answers is short, and kept as the last result. `signal` asks it to come to an end.
   */
  readonly run: (slotMs: number, signal: AbortSignal) => Promise<unknown>;
}
