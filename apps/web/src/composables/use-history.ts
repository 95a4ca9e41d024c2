import type { HistoryStep } from "@presence/api-contract";
import { type Ref, watch } from "vue";
import { useApi } from "./use-api.ts";
import { useOnline } from "./use-online.ts";
import { useResource } from "./use-resource.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back to look. */
export type HistoryRange = "hour" | "day" | "month" | "year";

/** Each range with its length and the step that shows it in at most 1,500 points. */
export const HISTORY_RANGES: Readonly<
  Record<HistoryRange, { readonly lengthMs: number; readonly step: HistoryStep }>
> = {
  hour: { lengthMs: HOUR_MS, step: "minute" },
  day: { lengthMs: DAY_MS, step: "minute" },
  month: { lengthMs: 30 * DAY_MS, step: "hour" },
  year: { lengthMs: 365 * DAY_MS, step: "day" },
};

/** Whether `text` names a {@link HistoryRange}. */
export function isHistoryRange(text: string): text is HistoryRange {
  return Object.hasOwn(HISTORY_RANGES, text);
}

const EVERY_MS = 10_000;

/** The number over `range`, kept up to date. */
export function useHistory(range: Ref<HistoryRange>) {
  const api = useApi();
  const online = useOnline();
  const history = useResource(
    () => {
      const { lengthMs, step } = HISTORY_RANGES[range.value];
      return api.history({ step, from: new Date(online.serverNowMs() - lengthMs).toISOString() });
    },
    { everyMs: EVERY_MS },
  );
  watch(range, () => history.refresh());
  return history;
}
