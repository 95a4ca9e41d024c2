import uPlot from "uplot";
import { onMounted, onScopeDispose, type Ref, watch } from "vue";
import { type ChartSetup, chartOptions } from "../lib/chart.ts";
import type { HistoryColumns } from "../lib/history-series.ts";

const NARROW_PX = 560;
const HEIGHT_PX = { narrow: 240, wide: 320 };

/** Options of {@link useChart}. */
export interface UseChartOptions {
  readonly columns: Readonly<Ref<HistoryColumns>>;
  /** A change of any of these draws the chart anew, not only its data. */
  readonly rebuildOn: () => readonly unknown[];
  readonly setup: () => Omit<ChartSetup, "width" | "height" | "element">;
}

/** A chart in `frame`, as wide as it and in the colours of the moment. */
export function useChart(
  frame: Readonly<Ref<HTMLElement | null>>,
  { columns, rebuildOn, setup }: UseChartOptions,
) {
  let chart: uPlot | undefined;

  function build(): void {
    const element = frame.value;
    if (element === null || element.clientWidth === 0) return;
    chart?.destroy();
    const width = element.clientWidth;
    const height = width < NARROW_PX ? HEIGHT_PX.narrow : HEIGHT_PX.wide;
    chart = new uPlot(chartOptions({ width, height, element, ...setup() }), columns.value, element);
  }

  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const resized = new ResizeObserver(() => {
    if (frame.value?.clientWidth !== chart?.width) build();
  });
  onMounted(() => {
    build();
    if (frame.value !== null) resized.observe(frame.value);
  });
  scheme.addEventListener("change", build);
  watch(rebuildOn, build);
  watch(columns, (data) => chart?.setData(data));
  onScopeDispose(() => {
    scheme.removeEventListener("change", build);
    resized.disconnect();
    chart?.destroy();
  });

  return {
    /** Puts the crosshair on a point, or takes it away. */
    pointTo(index: number | null): void {
      const seconds = index === null ? undefined : columns.value[0][index];
      if (seconds === undefined) chart?.setCursor({ left: -10, top: -10 });
      else chart?.setCursor({ left: chart.valToPos(seconds, "x"), top: 0 });
    },
  };
}
