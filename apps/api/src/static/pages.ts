import type { PageLocations } from "./locations.ts";
import { type PageFile, type PageFiles, readPageFiles } from "./page-files.ts";

/** The pages of this server. */
export interface Pages {
  readonly dashboard: PageFiles;
  /** `null` where it was not built. */
  readonly widget: PageFile | null;
}

/** A server without pages: for tests of everything else. */
export const NO_PAGES: Pages = { dashboard: new Map(), widget: null };

/** Reads the pages; those that were not built are missing from the answer. */
export async function loadPages({ dashboard, widget }: PageLocations): Promise<Pages> {
  const [dashboardFiles, widgetFiles] = await Promise.all([readPageFiles(dashboard), readPageFiles(widget)]);
  return { dashboard: dashboardFiles, widget: widgetFiles.get("widget.js") ?? null };
}

/** What to do about pages that are missing, in a sentence; `null` where all are there. */
export function missingPages({ dashboard, widget }: Pages): string | null {
  const missing = [
    ...(dashboard.has("index.html") ? [] : ["@presence/web"]),
    ...(widget === null ? ["@presence/widget"] : []),
  ];
  if (missing.length === 0) return null;
  const build = missing.map((name) => `pnpm --filter ${name} build`).join(" and ");
  return `The pages of this server were not built: run ${build}, then start it again.`;
}
