import { collectComplaints } from "@presence/testkit/browser";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A dashboard in a tab of its own. */
export interface DashboardPage {
  readonly page: Page;
  /** What its console said and what it threw. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

/** Options of {@link openDashboard}. */
export interface OpenOptions {
  /** Where in the dashboard to begin, without a slash ahead. @default the number */
  readonly path?: string;
  /** Sign in with this token before the first view. @default look without one */
  readonly token?: string;
  readonly context?: BrowserContextOptions;
}

/** Opens the dashboard of `origin` in a context of its own, as a first visit. */
export async function openDashboard(
  browser: Browser,
  origin: string,
  { path = "", token, context: contextOptions = {} }: OpenOptions = {},
): Promise<DashboardPage> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", ...contextOptions });
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await page.goto(`${origin}/dashboard/${path}${token === undefined ? "" : `#token=${token}`}`);
  return { page, complaints, close: () => context.close() };
}
