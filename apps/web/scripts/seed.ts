import { join } from "node:path";
import { openSqliteHistoryStore } from "@presence/history/sqlite";

const MINUTE_MS = 60_000;
const HISTORY_HOURS = 26;
const VISITORS = 1_284;

/** How many are on each page at the same time. */
const PAGES: Readonly<Record<string, number>> = {
  "/": 512,
  "/pricing": 204,
  "/docs/getting-started": 96,
  "/blog/what-online-means": 41,
  "/%e4%b8%ad%e6%96%87": 17,
};

/** A day of history as the server would have kept it, in the data directory of a server that is yet to start. */
export async function seedHistory(dataDir: string): Promise<void> {
  const history = await openSqliteHistoryStore({ path: join(dataDir, "history.sqlite") });
  const nowMs = Date.now();
  for (let minute = HISTORY_HOURS * 60; minute > 0; minute -= 1) {
    const atMs = nowMs - minute * MINUTE_MS;
    // A server that was away for half an hour leaves a gap.
    if (minute > 500 && minute < 530) continue;
    for (const secondsLater of [0, 20, 40]) {
      // In the order of time, as samples come.
      // oxlint-disable-next-line no-await-in-loop
      await history.addSample({
        channel: "site",
        count: dailyCurve(atMs, secondsLater),
        atMs: atMs + secondsLater * 1000,
      });
    }
  }
  await history.close();
}

/** Few at four in the morning, most in the evening, and never quite steady. */
function dailyCurve(atMs: number, unrest: number): number {
  const hour = (atMs / 3_600_000) % 24;
  const wave = 0.55 - 0.42 * Math.cos(((hour - 4) / 24) * 2 * Math.PI) + 0.08 * Math.sin(hour * 3.1);
  const jitter = 1 + 0.06 * Math.sin(atMs / 97_000 + unrest);
  return Math.max(1, Math.round(1_250 * wave * jitter));
}

/** Visitors of the site and of its pages, seen just now. */
export async function seedVisitors(url: string, ingestToken: string): Promise<void> {
  const site = Array.from({ length: VISITORS }, (_, index) => ({ ip: addressOf(index) }));
  const pages = Object.entries(PAGES).flatMap(([path, amount]) =>
    Array.from({ length: amount }, (_, index) => ({ ip: addressOf(index), channel: `page:${path}` })),
  );
  const response = await fetch(`${url}/v1/sightings`, {
    method: "POST",
    headers: { authorization: `Bearer ${ingestToken}`, "content-type": "application/json" },
    body: JSON.stringify({ sightings: [...site, ...pages] }),
  });
  if (!response.ok)
    throw new Error(`The server took no sightings: ${response.status} ${await response.text()}`);
}

/** An address of its own for each, IPv6 among them. */
function addressOf(index: number): string {
  if (index % 5 === 2) return `2001:db8:${(index + 4096).toString(16)}::1`;
  return `${198 + Math.floor(index / 60_000)}.51.${100 + Math.floor(index / 250)}.${index % 250}`;
}
