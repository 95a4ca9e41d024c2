import { collectComplaints, openTab, startChromium } from "@presence/testkit/browser";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { startSite, startStagedPresence, type StagedPresence } from "./support/staged-presence.ts";

let browser: Browser;
let presence: StagedPresence;
let site: Awaited<ReturnType<typeof startSite>>;
let context: BrowserContext;
let html = "";
let policy = "";

beforeAll(async () => {
  browser = await startChromium();
  presence = await startStagedPresence();
  site = await startSite(
    () => html,
    () => policy,
  );
});
beforeEach(async () => {
  Object.assign(presence, { count: 1284, stale: false, isUp: true, hasStreams: true, origins: [site.url] });
  presence.asked.length = 0;
  policy = "";
  context = await browser.newContext({ locale: "en-GB" });
});
afterEach(() => context.close());
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await presence?.close();
});

const asked = (what: string) => presence.asked.filter((each) => each.what === what);
const beats = () => asked("POST /v1/heartbeat");
const reads = () => asked("GET /v1/online");

/** Opens a page of the site with `tag` on it. */
async function open(
  tag: string,
  path = "/",
  lang = "en",
  hasClock = false,
): Promise<{ page: Page; complaints: string[] }> {
  html = pageWith(tag, lang);
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  if (hasClock) await page.clock.install();
  await page.goto(site.url + path);
  return { page, complaints };
}

function pageWith(tag: string, lang = "en"): string {
  return `<!doctype html><html lang="${lang}"><title>A site</title><script type="module" src="${presence.url}/widget.js"></script>${tag}`;
}

const shown = (page: Page) =>
  page.locator("online-count").evaluate((element) => (element.shadowRoot?.textContent ?? "").trim());
const state = (page: Page) => page.locator("online-count").getAttribute("state");

it("counts and shows with one request, each third of the window", async () => {
  const { page, complaints } = await open("<online-count></online-count>");
  await expect.poll(() => shown(page)).toBe("1,284online");
  expect(await state(page)).toBe("live");
  presence.count = 7;
  await expect.poll(() => shown(page)).toBe("7online");
  expect(beats().length).toBeGreaterThanOrEqual(2);
  expect(reads()).toEqual([]);
  expect(complaints).toEqual([]);
});

it("leaves nothing on the visitor's machine and sends no cookie", async () => {
  await context.addCookies([{ name: "session", value: "secret", url: presence.url }]);
  const { page } = await open("<online-count></online-count>");
  await expect.poll(() => shown(page)).toBe("1,284online");
  expect(presence.asked.map(({ cookie }) => cookie)).toEqual(presence.asked.map(() => undefined));
  const kept = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]);
  expect(kept).toEqual(["", 0, 0]);
});

it("shows but does not count where its origin is not listed, and says what to set", async () => {
  presence.origins = [];
  const { page, complaints } = await open("<online-count></online-count>");
  await expect.poll(() => shown(page)).toBe("1,284online");
  expect(await state(page)).toBe("live");
  expect(beats()).toEqual([]);
  const ours = complaints.filter((complaint) => complaint.startsWith("warning:"));
  expect(ours).toHaveLength(1);
  expect(ours[0]).toContain(`Add ${site.url} to PRESENCE_CORS_ORIGINS of ${presence.url}/`);
});

it("says in the console, once, why it was refused, where its channel is not counted", async () => {
  const { page, complaints } = await open('<online-count channel="shop"></online-count>', "/", "en", true);
  await expect.poll(() => reads().length).toBe(1);
  await page.clock.runFor(10_000);
  await expect.poll(() => reads().length).toBe(2);
  expect(await shown(page)).toBe("–online");
  const ours = complaints.filter((complaint) => complaint.startsWith("warning:"));
  expect(ours).toHaveLength(1);
  expect(ours[0]).toContain("This server has no channel shop: PRESENCE_CHANNELS names those it has.");
});

it("only asks with heartbeat=off", async () => {
  const { page } = await open('<online-count heartbeat="off"></online-count>');
  await expect.poll(() => shown(page)).toBe("1,284online");
  expect(beats()).toEqual([]);
  expect(reads()).toHaveLength(1);
});

it("follows each change with live", async () => {
  const { page } = await open('<online-count live heartbeat="off"></online-count>');
  await expect.poll(() => shown(page)).toBe("1,284online");
  presence.count = 1285;
  presence.tellStreams();
  await expect.poll(() => shown(page)).toBe("1,285online");
});

it("shows no answer that is older than what the stream has told since", async () => {
  const held = Promise.withResolvers<void>();
  presence.held = held.promise;
  const { page } = await open('<online-count live heartbeat="off"></online-count>');
  await expect.poll(() => reads().length).toBe(1);
  await expect.poll(() => shown(page)).toBe("1,284online");
  presence.count = 1285;
  presence.tellStreams();
  await expect.poll(() => shown(page)).toBe("1,285online");
  const answered = page.waitForResponse((response) => response.url().includes("/v1/online?"));
  held.resolve();
  await (await answered).finished();
  // Whoever waits for the same answer has been told by the time of another.
  await page.evaluate(
    async (url) => fetch(url).then((response) => response.text()),
    `${presence.url}/v1/online?channel=site`,
  );
  expect(await shown(page)).toBe("1,285online");
});

it("asks where it is given no stream, and follows once it is", async () => {
  presence.hasStreams = false;
  const { page } = await open('<online-count live heartbeat="off"></online-count>', "/", "en", true);
  await expect.poll(() => shown(page)).toBe("1,284online");
  expect(reads().length).toBeGreaterThanOrEqual(1);
  presence.hasStreams = true;
  await page.clock.runFor(10_000);
  await expect.poll(() => asked("GET /v1/online/stream").length).toBe(2);
  presence.count = 1285;
  presence.tellStreams();
  await expect.poll(() => shown(page)).toBe("1,285online");
});

it("greys the last number when the server cannot be reached, and comes back", async () => {
  const { page } = await open("<online-count></online-count>");
  await expect.poll(() => state(page)).toBe("live");
  presence.isUp = false;
  await expect.poll(() => state(page)).toBe("stale");
  expect(await shown(page)).toMatch(/^1,284onlineas of \d\d:03:07/);
  presence.isUp = true;
  await expect.poll(() => state(page)).toBe("live");
  expect(await shown(page)).toBe("1,284online");
});

it("greys a number that the server itself calls stale", async () => {
  presence.stale = true;
  const { page } = await open("<online-count></online-count>");
  await expect.poll(() => state(page)).toBe("stale");
});

it("shows a dash, never a zero, where it has never heard a number", async () => {
  presence.isUp = false;
  const { page } = await open("<online-count></online-count>");
  await expect.poll(() => state(page)).toBe("stale");
  expect(await shown(page)).toBe("–online");
});

it("speaks the page's language, its own before that, and the label it is given", async () => {
  const { page } = await open("<online-count></online-count>", "/", "zh-CN");
  await expect.poll(() => shown(page)).toBe("1,284人在线");
  await page.locator("online-count").evaluate((element) => element.setAttribute("lang", "de"));
  await expect.poll(() => shown(page)).toBe("1.284online");
  await page.locator("online-count").evaluate((element) => element.setAttribute("label", "Leser"));
  await expect.poll(() => shown(page)).toBe("1.284Leser");
});

it("takes a language tag that is none as the browser's", async () => {
  const { page } = await open("<online-count></online-count>", "/", "en_US");
  await expect.poll(() => shown(page)).toBe("1,284online");
});

it("counts the page's own channel with channel=path", async () => {
  const { page } = await open('<online-count channel="path"></online-count>', "/Pricing/");
  await expect.poll(() => shown(page)).toBe("1,284online");
  expect(beats()[0]?.channel).toBe("page:/pricing");
});

it("asks the server it is told, whatever script it came from", async () => {
  const other = await startStagedPresence();
  other.count = 5;
  const { page } = await open(`<online-count server="${other.url}"></online-count>`);
  await expect.poll(() => shown(page)).toBe("5online");
  expect(presence.asked).toEqual([]);
  await other.close();
});

it("works under a strict policy and Trusted Types, and can be styled from outside", async () => {
  policy =
    `default-src 'none'; script-src ${presence.url}; connect-src ${presence.url}; style-src 'nonce-page'; ` +
    "require-trusted-types-for 'script'; trusted-types 'none'";
  const style =
    "<style nonce=page>online-count::part(count){color:rgb(1,2,3)} online-count{--online-count-dot:rgb(4,5,6)}</style>";
  const { page, complaints } = await open(`${style}<online-count></online-count>`);
  await expect.poll(() => shown(page)).toBe("1,284online");
  const colours = await page.locator("online-count").evaluate((element) => {
    const part = (name: string) => element.shadowRoot?.querySelector(`[part=${name}]`) ?? element;
    return [getComputedStyle(part("count")).color, getComputedStyle(part("dot")).backgroundColor];
  });
  expect(colours).toEqual(["rgb(1, 2, 3)", "rgb(4, 5, 6)"]);
  expect(complaints).toEqual([]);
});

it("ends when it is taken out of the page", async () => {
  const { page } = await open("<online-count></online-count>", "/", "en", true);
  await expect.poll(() => beats().length).toBe(1);
  await page.locator("online-count").evaluate((element) => element.remove());
  await page.clock.runFor(60_000);
  expect(beats()).toHaveLength(1);
});

it("sends nothing while its tab is hidden, and at once when it is shown again", async () => {
  html = pageWith("<online-count></online-count>");
  const tab = await openTab(browser, site.url);
  await tab.activate();
  await expect.poll(() => beats().length).toBeGreaterThanOrEqual(2);
  const other = await openTab(browser, "about:blank");
  await other.activate();
  await expect.poll(() => tab.evaluate("document.visibilityState")).toBe("hidden");
  const before = beats().length;
  await other.evaluate("new Promise((resolve) => setTimeout(resolve, 3500))");
  expect(beats().length).toBe(before);
  await tab.activate();
  await expect.poll(() => beats().length).toBe(before + 1);
});
