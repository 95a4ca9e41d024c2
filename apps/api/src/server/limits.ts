/** Limits on what clients may cost. What each is for: docs/operations.md, "Abuse". */
export interface ServerLimits {
  /** Longest wait for the headers of a request, in milliseconds; a connection that sends nothing waits for them. */
  readonly headersMs: number;
  /** Longest wait for a whole request, in milliseconds. */
  readonly requestMs: number;
  /** How long a body may take whatever it brings, in milliseconds, and how long one nobody reads may go on. */
  readonly bodyGraceMs: number;
  /** What a body that takes longer has to bring, in bytes a second since its headers. */
  readonly bodyBytesPerSecond: number;
  /** How long an idle connection stays open, in milliseconds; longer than a proxy in front keeps its own. */
  readonly keepAliveMs: number;
  readonly maxHeaderBytes: number;
  /** Requests of one connection that may wait for the answers of earlier ones. */
  readonly maxPipelined: number;
  readonly maxConnections: number;
  /**
   * A server that closes goes on answering, each time with `Connection: close`, until nobody has asked for so long, in
   * milliseconds: a proxy lets go of its busy connections by itself then, and none is taken from it while a request
   * is on its way.
   */
  readonly quietMs: number;
  /** Longest wait for requests under way when the server closes, in milliseconds. */
  readonly drainMs: number;
}

/**
 * Safe for the open internet on one small machine. None of them is a variable: a proxy in front sends whole requests
 * at the speed of its network, and what it lets through has no need to be slower or larger than this.
 */
export const DEFAULT_LIMITS: ServerLimits = {
  // With the looks below, whoever drips is gone within five seconds: six are promised.
  headersMs: 4_000,
  requestMs: 30_000,
  bodyGraceMs: 4_000,
  // Thirty times less than a poor mobile network brings, four times more than a thousand drippers can afford to.
  bodyBytesPerSecond: 4_096,
  keepAliveMs: 65_000,
  maxHeaderBytes: 8 * 1024,
  // Node begins every request of a packet at once, and a packet holds two thousand.
  maxPipelined: 100,
  maxConnections: 11_000,
  quietMs: 250,
  drainMs: 8_000,
};

/** Slow clients are looked for this often, in milliseconds; Node's own 30 s would let them stay as long. */
export const CHECK_CONNECTIONS_EVERY_MS = 250;
