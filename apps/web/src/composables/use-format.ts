import { computed } from "vue";
import { useI18n } from "vue-i18n";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Numbers, times and durations in the reader's language and time zone. */
export function useFormat() {
  const { locale, t } = useI18n();
  const numbers = computed(() => new Intl.NumberFormat(locale.value));
  const times = computed(
    () =>
      new Intl.DateTimeFormat(locale.value, {
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hourCycle: "h23",
      }),
  );
  const dates = computed(
    () =>
      new Intl.DateTimeFormat(locale.value, {
        year: "numeric",
        month: "short",
        day: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      }),
  );

  const number = (value: number) => numbers.value.format(value);
  const time = (at: string | number) => times.value.format(new Date(at));

  return {
    number,
    /** Time of day with seconds. */
    time,
    dateTime: (at: string | number) => dates.value.format(new Date(at)),
    /** Time of day for what is less than a day away from `nowMs`, the date too for the rest. */
    moment(at: string, nowMs: number): string {
      const isNear = Math.abs(nowMs - Date.parse(at)) < DAY_MS / 2;
      return isNear ? time(at) : dates.value.format(new Date(at));
    },
    seconds: (value: number) => t("unit.seconds", { count: number(value) }),
    /** A duration in its natural unit: 7 ms, 12 s, 3 min, 5 h. */
    duration(ms: number): string {
      if (ms < SECOND_MS) return t("unit.ms", { count: number(Math.round(ms)) });
      if (ms < 2 * MINUTE_MS) return t("unit.seconds", { count: number(Math.round(ms / SECOND_MS)) });
      if (ms < 2 * HOUR_MS) return t("unit.minutes", { count: number(Math.round(ms / MINUTE_MS)) });
      return t("unit.hours", { count: number(Math.round(ms / HOUR_MS)) });
    },
  };
}

/** How the dashboard formats. */
export type Format = ReturnType<typeof useFormat>;
