import { seededRandom } from "@presence/testkit";

/** 48 hours over the night on which Berlin put its clocks back: a day of 25 hours among them. */
export const TIME_ZONE = "Europe/Berlin";
export const START_MS: number = Date.parse("2026-10-24T16:00:00.000Z");
export const HOUR_MS = 3_600_000;
export const HOURS = 48;
export const END_MS: number = START_MS + HOURS * HOUR_MS;
export const SLOT_MS = 10_000;
export const WINDOW_MS = 60_000;

/** The store is away for half an hour; whoever records afterwards begins anew. */
export const OUTAGE = { fromMs: START_MS + 20 * HOUR_MS + 1_234, untilMs: START_MS + 20.5 * HOUR_MS + 1_234 };

/** Visits in ten seconds by hour of the day, as a shop in Berlin sees them, from midnight on. */
const BY_HOUR = [
  6, 4, 2, 1, 1, 2, 6, 14, 25, 33, 39, 43, 44, 40, 39, 40, 44, 50, 59, 67, 70, 59, 36, 16,
] as const;
const VISITORS = 3_000;

/** Somebody asks for a page. */
export interface Visit {
  readonly visitor: string;
  readonly atMs: number;
}

/** Every visit of the 48 hours, in the order of time; a newsletter brings a crowd on the first evening. */
export function dailyVisits(): readonly Visit[] {
  const random = seededRandom(2026);
  const hourFormat = new Intl.DateTimeFormat("en-US", {
    timeZone: TIME_ZONE,
    hour: "numeric",
    hourCycle: "h23",
  });
  const visits: Visit[] = [];
  for (let slotMs = START_MS; slotMs < END_MS; slotMs += SLOT_MS) {
    const hour = Number(hourFormat.format(slotMs));
    const through = (slotMs % HOUR_MS) / HOUR_MS;
    const [from, to] = [BY_HOUR[hour] ?? 0, BY_HOUR[(hour + 1) % 24] ?? 0];
    const sinceCrowdMs = slotMs - (START_MS + 2.5 * HOUR_MS);
    const crowd = sinceCrowdMs >= 0 && sinceCrowdMs < 600_000 ? 50 : 0;
    const number = Math.round((crowd + from + (to - from) * through) * (0.6 + 0.8 * random()));
    const times = Array.from({ length: number }, () => slotMs + Math.floor(random() * SLOT_MS));
    for (const atMs of times.toSorted((a, b) => a - b)) {
      visits.push({ visitor: `v${Math.floor(random() * VISITORS)}`, atMs });
    }
  }
  return visits.filter(({ atMs }) => !isAway(atMs));
}

/** Whether the store is away. */
export function isAway(atMs: number): boolean {
  return atMs >= OUTAGE.fromMs && atMs < OUTAGE.untilMs;
}
