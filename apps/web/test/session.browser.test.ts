import { startChromium } from "@presence/testkit/browser";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openDashboard } from "./support/dashboard-page.ts";
import { ADMIN_TOKEN, ordinaryScene, READ_TOKEN } from "./support/scene.ts";
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

/** What the dashboard keeps of its user; where the router was scrolled to is not of theirs. */
async function kept(page: Page) {
  const { tab, lasting } = await page.evaluate(() => ({
    tab: Object.fromEntries(Object.entries(sessionStorage)),
    lasting: Object.fromEntries(Object.entries(localStorage)),
  }));
  delete tab["vue-router:scroll"];
  return { tab, lasting };
}

async function signIn(page: Page, token: string, name = ""): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Admin token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
}

it("signs in by the link's fragment and takes it out of the address bar and the history", async () => {
  const { page, complaints, close } = await openDashboard(browser, server.url, {
    path: "visitors",
    token: ADMIN_TOKEN,
  });
  await page.locator("tbody tr").first().waitFor();
  expect(page.url()).toBe(`${server.url}/dashboard/visitors`);
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  const { tab, lasting } = await kept(page);
  expect(Object.values(tab)).toContain(ADMIN_TOKEN);
  expect(lasting).toEqual({});
  expect(complaints).toEqual([]);
  await close();
});

it("greets by name after signing in, and keeps it through a reload", async () => {
  const { page, close } = await openDashboard(browser, server.url, {
    path: "login",
    context: { viewport: { width: 1440, height: 900 } },
  });
  await signIn(page, ADMIN_TOKEN, "  Ada ");
  await page.locator(".pages").waitFor();
  expect(await page.locator("header .welcome").first().textContent()).toMatch(/Welcome\s*Ada/);
  await page.reload();
  await page.locator(".pages").waitFor();
  expect(await page.locator("header .welcome").first().textContent()).toMatch(/Welcome\s*Ada/);
  await close();
});

it("signs out: nothing is kept, the login says so", async () => {
  const { page, close } = await openDashboard(browser, server.url, {
    token: ADMIN_TOKEN,
    context: { viewport: { width: 1440, height: 900 } },
  });
  await page.locator(".pages").waitFor();
  await page.getByRole("button", { name: "切换到中文" }).click();
  await page.getByRole("button", { name: "注销登录" }).click();
  await page.getByText("已注销。").waitFor();
  expect(page.url()).toBe(`${server.url}/dashboard/login`);
  expect(await kept(page)).toEqual({ tab: {}, lasting: {} });
  await page.goto(`${server.url}/dashboard/visitors`);
  await page.getByText("You can look.").waitFor();
  await close();
});

it.each([
  ["a wrong token", "a-wrong-token-of-at-least-32-characters", "does not know this token"],
  ["a text that no header can carry", "秘密", "does not know this token"],
])("says that %s is wrong, and keeps nothing of it", async (_what, token, words) => {
  const { page, close } = await openDashboard(browser, server.url, { path: "login" });
  await signIn(page, token);
  await page.getByRole("alert").filter({ hasText: words }).waitFor();
  expect((await kept(page)).tab).toEqual({});
  expect(await page.getByLabel("Admin token").getAttribute("aria-invalid")).toBe("true");
  await close();
});

it("shows the login with the reason when the link's token is wrong", async () => {
  const { page, close } = await openDashboard(browser, server.url, {
    token: "an-old-token-of-at-least-32-characters",
  });
  await page.getByRole("alert").filter({ hasText: "does not know this token" }).waitFor();
  expect(page.url()).not.toContain("an-old-token");
  await close();
});

it("goes to the login when the server no longer takes the token", async () => {
  const { page, close } = await openDashboard(browser, server.url, { path: "upkeep", token: ADMIN_TOKEN });
  await page.locator(".facts .fact").first().waitFor();
  server.change({ tokens: ["another-admin-token-of-at-least-32-characters"] });
  await page.getByRole("button", { name: "Count what would go" }).click();
  await page.getByText("The server no longer takes your token.").waitFor();
  expect((await kept(page)).tab).toEqual({});
  await close();
});

it("lets who has a read token look at what is not public, and no more", async () => {
  server.change({ isPublic: false });
  const { page, close } = await openDashboard(browser, server.url, { path: "login" });
  await signIn(page, READ_TOKEN, "Reader");
  await page.locator(".big.live").waitFor();
  await page.goto(`${server.url}/dashboard/visitors`);
  await page.getByText("You can look.").waitFor();
  expect(Object.values((await kept(page)).tab)).toContain(READ_TOKEN);
  await close();
});

it("lets anybody look with only a name", async () => {
  const { page, close } = await openDashboard(browser, server.url, {
    path: "login",
    context: { viewport: { width: 1440, height: 900 } },
  });
  await page.getByLabel("Your name").fill("Lin");
  await page.getByRole("button", { name: "Look without a token" }).click();
  await page.locator(".big.live").waitFor();
  expect(await page.locator("header .welcome").first().textContent()).toMatch(/Welcome\s*Lin/);
  expect(await page.getByRole("button", { name: "Sign out" }).isVisible()).toBe(true);
  await close();
});
