/**
 * Makes the README's pictures in docs/pictures from the running product: a real Redis, the real API with visitors,
 * the real dashboard, demo page and command line.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startProcess, startRedis } from "@presence/testkit";
import { startChromium } from "@presence/testkit/browser";
import type { Browser, Page } from "playwright-core";
import { type Product, startProduct } from "../test/support/product.ts";
import { seedHistory } from "./seed.ts";
import { shrinkPng } from "./shrink-png.ts";
import { terminalPage, type TerminalStep } from "./terminal-page.ts";
import { startTraffic } from "./traffic.ts";
import { startTroubledProduct } from "./troubles.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PICTURES = join(ROOT, "docs/pictures");
const INGEST_TOKEN = "the-ingest-token-of-the-pictures-script";
/** As high as what each picture is about. */
const SIZE = {
  dashboard: { width: 1200, height: 620 },
  history: { width: 1200, height: 770 },
  findings: { width: 1200, height: 440 },
} as const;
const LANGUAGES = { en: "en-GB", zh: "zh-CN" } as const;
/** Longer than the minute that the dashboard draws, and than the window until which a count is not whole. */
const TRAFFIC_MS = 90_000;
const COMMANDS = ["count", "list --limit 4", "doctor"];

await using redis = await startRedis({ config: { "maxmemory-policy": "noeviction" } });
const product = await startProduct(
  {
    REDIS_URL: redis.url,
    PRESENCE_CHANNELS: "site,page:*",
    PRESENCE_PUBLIC: "count,history",
    PRESENCE_INGEST_TOKENS: INGEST_TOKEN,
  },
  seedHistory,
);
const browser = await startChromium();
// Pictures are shrunk here: the product's own pages take no picture from elsewhere.
const blank = await browser.newPage();
try {
  await mkdir(PICTURES, { recursive: true });
  const traffic = startTraffic({ url: product.url, ingestToken: INGEST_TOKEN });
  await takeDashboard(browser, product);
  await takeWidget(browser, product);
  await takeTerminal(browser, redis.url);
  await traffic.stop();
  await takeFindings(browser);
} finally {
  await browser.close();
  await product.stop();
}

/** The number with a minute of it, and the history, in both languages and themes. */
async function takeDashboard(from: Browser, { url, token }: Product): Promise<void> {
  const pages = await Promise.all(
    Object.entries(LANGUAGES).map(async ([language, locale]) => {
      const context = await from.newContext({ locale, viewport: SIZE.dashboard, reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto(`${url}/dashboard/#token=${token}`);
      return { language, page };
    }),
  );
  await delay(TRAFFIC_MS);
  for (const { language, page } of pages) {
    // One after the other: a picture is of the page in front.
    /* oxlint-disable no-await-in-loop */
    await page.bringToFront();
    await page.locator(".bars").waitFor();
    await takeThemes(page, `dashboard-${language}`);
    /* oxlint-enable no-await-in-loop */
  }
  for (const { language, page } of pages) {
    /* oxlint-disable no-await-in-loop */
    await page.setViewportSize(SIZE.history);
    await page.goto(`${url}/dashboard/history`);
    await page.locator(".u-over").waitFor();
    await page.locator(".peaks").waitFor();
    await page.getByRole("radio").nth(1).check();
    await page.waitForResponse((response) => response.url().includes("/v1/history"));
    await takeThemes(page, `history-${language}`);
    await page.context().close();
    /* oxlint-enable no-await-in-loop */
  }
}

/** What the diagnostics of a server in trouble say. */
async function takeFindings(from: Browser): Promise<void> {
  const troubled = await startTroubledProduct();
  for (const [language, locale] of Object.entries(LANGUAGES)) {
    /* oxlint-disable no-await-in-loop */
    const context = await from.newContext({ locale, viewport: SIZE.findings, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(`${troubled.url}/dashboard/#token=${troubled.token}`);
    await page.locator(".finding").first().waitFor();
    await takeThemes(page, `findings-${language}`);
    await context.close();
    /* oxlint-enable no-await-in-loop */
  }
  await troubled.stop();
}

async function takeThemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await save(`${name}-${colorScheme}`, await page.screenshot());
  }
}

/** The widget where a site owner has it. */
async function takeWidget(from: Browser, { url }: Product): Promise<void> {
  const page = await from.newPage({ locale: "en-GB", viewport: { width: 720, height: 320 } });
  await page.goto(`${url}/demo`);
  await page.locator("online-count[state=live]").waitFor();
  await save("widget", await page.screenshot());
  await page.close();
}

/** The command line on the same Redis. */
async function takeTerminal(from: Browser, redisUrl: string): Promise<void> {
  const steps: TerminalStep[] = [];
  for (const command of COMMANDS) {
    const cli = await startProcess(
      process.execPath,
      ["--conditions=@presence/source", join(ROOT, "apps/cli/src/main.ts"), ...command.split(" ")],
      { env: { REDIS_URL: redisUrl, FORCE_COLOR: "1" } },
    );
    await cli.exited;
    steps.push({ command: `presence-cli ${command}`, output: cli.output });
  }
  const page = await from.newPage();
  await page.setContent(terminalPage(steps));
  await save("terminal", await page.locator("pre").screenshot());
  await page.close();
}

async function save(name: string, png: Buffer): Promise<void> {
  const small = await shrinkPng(blank, png);
  await writeFile(join(PICTURES, `${name}.png`), small);
  console.log(`docs/pictures/${name}.png  ${(small.length / 1024).toFixed(0)} KB`);
}
