import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { collectComplaints, startChromium } from "@presence/testkit/browser";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeAccess } from "./support/judge-access.ts";
import { judgeLayout } from "./support/judge-layout.ts";
import { ADMIN_TOKEN, everyFinding, ordinaryScene, type Scene } from "./support/scene.ts";
import { type StagedServer, startStagedServer } from "./support/staged-server.ts";

const PICTURES = join(import.meta.dirname, "../.test-results/pictures");
const WIDTHS = [360, 768, 1440];
const HEIGHTS: Readonly<Record<number, number>> = { 360: 740, 768: 1024, 1440: 900 };
const THEMES = ["light", "dark"] as const;
const LANGUAGES = [
  ["en", "en-GB"],
  ["zh", "zh-CN"],
] as const;

interface Sight {
  readonly name: string;
  readonly path: string;
  readonly scene?: Partial<Scene>;
  readonly token?: string;
  /** A text that is there when the view is whole. */
  readonly whole: string;
}

const SIGHTS: readonly Sight[] = [
  { name: "login", path: "login", whole: "#login-token" },
  {
    name: "now",
    path: "",
    token: ADMIN_TOKEN,
    scene: { findings: everyFinding(), bots: 37 },
    whole: ".finding + .finding + .finding, .pages",
  },
  { name: "history", path: "history", token: ADMIN_TOKEN, whole: ".u-over, .peaks" },
  { name: "visitors", path: "visitors", token: ADMIN_TOKEN, whole: "tbody tr:nth-child(50)" },
  { name: "upkeep", path: "upkeep", token: ADMIN_TOKEN, whole: ".facts .fact" },
  { name: "add", path: "add", token: ADMIN_TOKEN, whole: ".code" },
  { name: "now-empty", path: "", scene: { count: 0, pages: [], visitors: [] }, whole: ".empty" },
  {
    name: "now-one",
    path: "",
    token: ADMIN_TOKEN,
    scene: { count: 1, pages: [], complete: false },
    whole: ".incomplete",
  },
  {
    name: "now-million",
    path: "",
    token: ADMIN_TOKEN,
    scene: { count: 1_234_567, bots: 4321 },
    whole: ".pages",
  },
  { name: "now-stale", path: "", scene: { store: "stale", ageMs: 12_000 }, whole: ".stale" },
  { name: "now-unavailable", path: "", scene: { store: "unavailable" }, whole: ".unavailable" },
  { name: "history-empty", path: "history", scene: { hasHistory: false, complete: false }, whole: ".empty" },
  { name: "history-one", path: "history", scene: { count: 1 }, whole: ".u-over" },
  {
    name: "history-million",
    path: "history",
    scene: { count: 1_234_567 },
    token: ADMIN_TOKEN,
    whole: ".u-over",
  },
  { name: "visitors-empty", path: "visitors", token: ADMIN_TOKEN, scene: { visitors: [] }, whole: ".empty" },
  { name: "visitors-guest", path: "visitors", whole: ".empty" },
  {
    name: "upkeep-failed",
    path: "upkeep",
    token: ADMIN_TOKEN,
    scene: { jobsFail: true, waiting: 1_234_567 },
    whole: ".facts .fact",
  },
];

let browser: Browser;
let server: StagedServer;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  browser = await startChromium();
  server = await startStagedServer(ordinaryScene());
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe.each(LANGUAGES)("in %s", (language, locale) => {
  // One for all views, so that the browser need not start anew for each.
  let context: BrowserContext;
  beforeAll(async () => {
    context = await browser.newContext({ locale, timezoneId: "UTC", reducedMotion: "reduce" });
  });
  afterAll(() => context?.close());

  it.each(SIGHTS)("shows $name in both themes, narrow to wide, clean and whole", async (sight) => {
    server.change(ordinaryScene(sight.scene));
    const { page, complaints } = await open(sight, context);
    const faults: string[] = [];
    for (const theme of THEMES) {
      for (const width of WIDTHS) {
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize({ width, height: HEIGHTS[width] ?? 900 });
        await settle(page);
        const found = [
          ...(await judgeLayout(page)),
          ...(await judgeAccess(page, theme === "light" ? "everything" : "colours")),
        ];
        faults.push(...found.map((fault) => `${theme} ${width}: ${fault}`));
        await takePicture(page, `${sight.name}-${language}-${theme}-${width}`);
      }
    }
    // The width that WCAG asks a page to fit into without scrolling two ways.
    await page.setViewportSize({ width: 320, height: 640 });
    await settle(page);
    faults.push(...(await judgeLayout(page)).map((fault) => `320: ${fault}`));
    expect([...faults, ...complaints]).toEqual([]);
    await page.close();
  });
});

/** The whole page in a window as high as it is, so that what is fixed to the window's edge stays at the page's. */
async function takePicture(page: Page, name: string): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  if (whole > height) await page.setViewportSize({ width, height: whole });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Two frames: one in which the page sees its new size, one in which it is drawn. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function open({ path, token, whole }: Sight, context: BrowserContext) {
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${server.url}/dashboard/${path}${token === undefined ? "" : `#token=${token}`}`);
  for (const part of whole.split(",")) await page.locator(part).first().waitFor();
  return { page, complaints };
}
