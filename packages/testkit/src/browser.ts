import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { onPath } from "./process/on-path.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/** Where it is on machines that have no such program on the path. */
const FILES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
  String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where a Chromium is on this machine; `null` where there is none. */
export function findChromium(): string | null {
  const found = NAMES.map((name) => onPath(name)).find((path) => path !== null);
  return found ?? FILES.find((file) => existsSync(file)) ?? null;
}

/** Options of {@link startChromium}. */
export interface ChromiumOptions {
  /** Further command-line switches. @default none */
  readonly flags?: readonly string[];
}

/** A headless Chromium; the caller closes it. Throws with what to install where there is none. */
export async function startChromium({ flags = [] }: ChromiumOptions = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error("These tests need Chromium: apt-get install chromium.");
  }
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/** All that a page complains about from now on: console warnings and errors (broken policies too), thrown errors. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "log" && message.type() !== "debug") {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  return complaints;
}
export { openTab, type Tab } from "./browser-tabs.ts";
