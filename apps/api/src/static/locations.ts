import { join } from "node:path";

/** Where built pages are. */
export interface PageLocations {
  /** The dashboard's build. */
  readonly dashboard: string;
  /** The folder with `widget.js`. */
  readonly widget: string;
}

/** Run from its sources, the server takes what Vite built beside it; run from its build, what was copied into that. */
const IS_SOURCE = import.meta.filename.endsWith(".ts");

/** Where this server's own pages are. */
export const PAGE_LOCATIONS: PageLocations = IS_SOURCE
  ? {
      dashboard: join(import.meta.dirname, "../../../web/dist"),
      widget: join(import.meta.dirname, "../../../../packages/widget/dist"),
    }
  : {
      dashboard: join(import.meta.dirname, "../public/dashboard"),
      widget: join(import.meta.dirname, "../public/widget"),
    };
