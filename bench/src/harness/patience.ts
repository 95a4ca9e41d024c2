/** Longest wait for something to start or to answer, in milliseconds: what is slow is measured, not given up. */
export const PATIENCE_MS = 60_000;
