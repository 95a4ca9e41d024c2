import type { HistoryAnswer, HistoryStep } from "@presence/api-contract";
import { computed } from "vue";
import { useI18n } from "vue-i18n";

const DAY_SECONDS = 86_400;
const HOUR: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY: Intl.DateTimeFormatOptions = { month: "short", day: "numeric" };

const SHORT: Readonly<Record<HistoryStep, Intl.DateTimeFormatOptions>> = {
  minute: HOUR,
  hour: { ...DAY, ...HOUR },
  day: DAY,
};

/** Times as history shows them: days in the server's zone, where they begin; the rest in the reader's. */
export function useHistoryTimes(answer: () => HistoryAnswer) {
  const { locale } = useI18n();

  const formats = computed(() => {
    const { step, timeZone } = answer();
    const make = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale.value, step === "day" ? { ...options, timeZone } : options);
    return {
      short: make(SHORT[step]),
      exact: make({ ...DAY, year: "numeric", ...(step === "day" ? {} : HOUR) }),
      day: make(DAY),
      hour: make(HOUR),
      month: make({ month: "short", year: "numeric" }),
    };
  });

  return {
    language: locale,
    exact: (at: string) => formats.value.exact.format(new Date(at)),
    short: (atMs: number) => formats.value.short.format(atMs),
    /** A tick of the time axis, as fine as the ticks are apart. */
    tick(seconds: number, spanSeconds: number): string {
      const { hour, day, month } = formats.value;
      const fitting = spanSeconds < DAY_SECONDS ? hour : spanSeconds < 28 * DAY_SECONDS ? day : month;
      return fitting.format(seconds * 1000);
    },
  };
}
