import { setTimeout as delay } from "node:timers/promises";
import { noise } from "./unrest.ts";

const SECOND_MS = 1_000;
/** A visitor is online for so many seconds. */
const WINDOW_SECONDS = 60;
/** Who came just a window ago is late by the time that the server is told. */
const MARGIN_SECONDS = 4;

/** Which part of the visitors looks at each page. */
const PAGES: Readonly<Record<string, number>> = {
  "/": 0.41,
  "/pricing": 0.17,
  "/docs/getting-started": 0.11,
  "/blog/what-online-means": 0.06,
  "/%e4%b8%ad%e6%96%87": 0.03,
};

/** Where traffic goes. */
export interface TrafficTarget {
  readonly url: string;
  readonly ingestToken: string;
}

/** Somebody who comes, as `/v1/sightings` is told. */
interface Arrival {
  readonly ip: string;
  readonly at: string;
  readonly channel?: string;
}

/**
 * Visits of a site that a newsletter has just mentioned: those of the last minute at once, then each second's as it
 * comes, until stopped. Each visitor comes once and is gone a window later, so that the number moves as a real one.
 */
export function startTraffic(target: TrafficTarget): { stop(): Promise<void> } {
  const startMs = Date.now();
  let isStopped = false;

  async function run(): Promise<void> {
    const before = Array.from({ length: WINDOW_SECONDS - MARGIN_SECONDS }, (_, ago) => -ago);
    await send(
      target,
      before.flatMap((second) => arrivalsOf(second, startMs)),
    );
    for (let second = 1; !isStopped; second += 1) {
      // One second after the other: this is the time that the pictures show.
      /* oxlint-disable no-await-in-loop */
      await delay(Math.max(0, startMs + second * SECOND_MS - Date.now()));
      await send(target, arrivalsOf(second, startMs));
      /* oxlint-enable no-await-in-loop */
    }
  }

  const running = run();
  return {
    stop() {
      isStopped = true;
      return running;
    },
  };
}

/** Who comes in a second of the traffic; those before its start have a negative number. */
function arrivalsOf(second: number, startMs: number): readonly Arrival[] {
  const rise = 1 / (1 + Math.exp(-(second - 12) / 5));
  const amount = Math.round(17.5 + 4.3 * rise + 9 * noise(second));
  return Array.from({ length: amount }, (_, place) => {
    const lot = (noise(second * 64 + place) + 1) / 2;
    const at = new Date(startMs + (second - lot) * SECOND_MS).toISOString();
    const ip = addressOf((second + WINDOW_SECONDS) * 64 + place);
    const page = pageOf(lot);
    return [{ ip, at }, ...(page === null ? [] : [{ ip, at, channel: `page:${page}` }])];
  }).flat();
}

/** The page that a visitor with `lot`, from 0 to 1, looks at; `null` for the many others. */
function pageOf(lot: number): string | null {
  let left = lot;
  for (const [path, share] of Object.entries(PAGES)) {
    left -= share;
    if (left < 0) return path;
  }
  return null;
}

/** An address of its own for each, IPv6 among them. */
function addressOf(index: number): string {
  if (index % 5 === 2) return `2001:db8:${(index + 4_096).toString(16)}::1`;
  return `198.51.${Math.floor(index / 250) % 250}.${index % 250}`;
}

async function send({ url, ingestToken }: TrafficTarget, sightings: readonly Arrival[]): Promise<void> {
  const response = await fetch(`${url}/v1/sightings`, {
    method: "POST",
    headers: { authorization: `Bearer ${ingestToken}`, "content-type": "application/json" },
    body: JSON.stringify({ sightings }),
  });
  if (!response.ok) {
    throw new Error(`The server took no sightings: ${response.status} ${await response.text()}`);
  }
}
