/** A channel a job could not deal with while it could with others, such as a key of a wrong type. */
export interface ChannelFailure {
  readonly channel: string;
  readonly error: Error;
}

/** The failure of a run that could not do its work in `failures` of `total` channels: names them, and says why. */
export function channelsFailed(
  done: string,
  failures: readonly ChannelFailure[],
  total: number,
): AggregateError {
  const names = failures.map(({ channel }) => channel).join(", ");
  const [first] = failures;
  return new AggregateError(
    failures.map(({ error }) => error),
    `${failures.length} of ${total} channels could not be ${done}: ${names}${first === undefined ? "" : ` (${first.error.message})`}`,
    { cause: first?.error },
  );
}

/** Whatever was thrown, as an error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
