import { startChromium } from "@presence/testkit/browser";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openDashboard } from "./support/dashboard-page.ts";
import { judgeAccess } from "./support/judge-access.ts";
import { ADMIN_TOKEN, ordinaryScene } from "./support/scene.ts";
import { type StagedServer, startStagedServer } from "./support/staged-server.ts";

let browser: Browser;
let server: StagedServer;

beforeAll(async () => {
  browser = await startChromium();
  server = await startStagedServer(ordinaryScene());
});
beforeEach(() => server.change(ordinaryScene()));
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return (
      element?.getAttribute("aria-label") ?? (element instanceof HTMLElement ? element.innerText.trim() : "")
    );
  });

async function tabTo(page: Page, name: string): Promise<void> {
  for (let press = 0; press < 80; press += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page)) === name) return;
  }
  throw new Error(`Tab does not reach “${name}”.`);
}

it("begins with a link to the content, then the views in their order", async () => {
  const { page, close } = await openDashboard(browser, server.url, {
    context: { viewport: { width: 1440, height: 900 } },
  });
  await page.locator(".big.live").waitFor();
  const order = [];
  for (let press = 0; press < 9; press += 1) {
    await page.keyboard.press("Tab");
    order.push(await focused(page));
  }
  expect(order).toEqual([
    "Skip to the content",
    "Presence",
    "Now",
    "History",
    "Visitors",
    "Upkeep",
    "Add to your site",
    "切换到中文",
    "Sign in",
  ]);
  await close();
});

it("goes to a view, into its content, and along the history with the arrows", async () => {
  const { page, close } = await openDashboard(browser, server.url, {
    context: { viewport: { width: 1440, height: 900 } },
  });
  await page.locator(".big.live").waitFor();
  await tabTo(page, "History");
  await page.keyboard.press("Enter");
  const chart = page.getByRole("slider");
  await chart.waitFor();
  await page.locator(".u-over").waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");

  await tabTo(page, "Visitors online over time. Left and right arrows move along it.");
  const at = () => chart.getAttribute("aria-valuetext");
  await page.keyboard.press("Home");
  const first = await at();
  expect(first).toMatch(/\d+ online, between \d+ and/);
  await page.keyboard.press("ArrowRight");
  await expect.poll(at).not.toBe(first);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(at).toBe(first);
  const [, count = ""] = /: ([\d,]+) online/.exec(first ?? "") ?? [];
  expect(await page.locator(".readout").textContent()).toContain(count);
  // The staged day has a gap.
  for (let press = 0; press < 26; press += 1) await page.keyboard.press("ArrowRight");
  await expect.poll(at).toContain("nothing was recorded");
  await close();
});

it("changes the range with the arrows of a radio group", async () => {
  const { page, close } = await openDashboard(browser, server.url, { path: "history" });
  await page.locator(".u-over").waitFor();
  const asked = page.waitForRequest((request) => request.url().includes("step=hour"));
  await page.getByRole("radio", { name: "Hour" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await asked;
  expect(await page.getByRole("radio", { name: "Month" }).isChecked()).toBe(true);
  await close();
});

it("resets a peak with a reason in a dialog that Escape leaves, and shows the reason", async () => {
  const { page, close } = await openDashboard(browser, server.url, { path: "history", token: ADMIN_TOKEN });
  const reset = page.getByRole("button", { name: "Reset the peak: All time" });
  await reset.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  expect(await judgeAccess(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await focused(page)).toBe("Reset the peak: All time");

  await page.keyboard.press("Enter");
  await dialog.getByLabel("Reason").fill("a rehearsal");
  await page.keyboard.press("Enter");
  await page.getByText("“a rehearsal”").waitFor();
  // The button is gone with its peak; who used it stays where it was.
  await expect.poll(() => focused(page)).toBe("Peaks");
  await close();
});

it("keeps the focus on the button that turns from forget to undo and back", async () => {
  const { page, close } = await openDashboard(browser, server.url, { path: "visitors", token: ADMIN_TOKEN });
  const name = server.scene.visitors[9]?.visitor ?? "";
  await page.getByRole("button", { name: `Forget ${name}`, exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe(`Undo: keep ${name}`);
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe(`Forget ${name}`);
  await close();
});

it("opens the menu of a narrow page, and Escape gives the focus back", async () => {
  const { page, close } = await openDashboard(browser, server.url, {
    context: { viewport: { width: 360, height: 740 } },
  });
  await page.locator(".big.live").waitFor();
  await page.getByRole("button", { name: "Menu" }).focus();
  await page.keyboard.press("Enter");
  const menu = page.locator("#menu");
  await menu.waitFor();
  expect(await judgeAccess(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "hidden" });
  expect(await focused(page)).toBe("Menu");
  await close();
});

it("is still for who wants less motion", async () => {
  const { page, close } = await openDashboard(browser, server.url, { context: { reducedMotion: "reduce" } });
  await page.locator(".big.live").waitFor();
  const running = await page.evaluate(() => document.getAnimations().length);
  expect(running).toBe(0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await expect.poll(() => page.evaluate(() => document.getAnimations().length)).toBe(1);
  await close();
});
