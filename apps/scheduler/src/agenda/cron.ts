const UNITS = [
  { seconds: 1, size: 60, expression: (step: string) => `${step} * * * * *` },
  { seconds: 60, size: 60, expression: (step: string) => `0 ${step} * * * *` },
  { seconds: 3_600, size: 24, expression: (step: string) => `0 0 ${step} * * *` },
];

const DAY_SECONDS = 86_400;

/**
 * The cron expression (with seconds) of "at every whole multiple of `everySeconds` since the epoch", in UTC. Agenda
 * drifts with intervals given as words, and does not with cron expressions.
 *
 * @throws {RangeError} where no expression says so: 7 does not divide 60.
 */
export function cronOf(everySeconds: number): string {
  if (everySeconds === DAY_SECONDS) return "0 0 0 * * *";
  for (const { seconds, size, expression } of UNITS) {
    const step = everySeconds / seconds;
    if (Number.isInteger(step) && step < size && size % step === 0) {
      return expression(step === 1 ? "*" : `*/${step}`);
    }
  }
  throw new RangeError(`no cron expression means every ${everySeconds} s`);
}
