import type {
  Channels,
  Diagnostics,
  Finding,
  HistoryAnswer,
  HistoryStep,
  Jobs,
  OnlineCount,
  Peaks,
  PruneAnswer,
  Uniques,
  Visitor,
  VisitorPage,
} from "@presence/api-contract";

/** The admin token that the staged server takes. */
export const ADMIN_TOKEN = "an-admin-token-of-at-least-32-characters";
/** A token that may read what is not public, and no more. */
export const READ_TOKEN = "a-read-token-of-at-least-32-characters-too";

/** What a staged server says; tests change it while pages are open. */
export interface Scene {
  count: number;
  store: "live" | "stale" | "unavailable";
  /** Age of a stale count. */
  ageMs: number;
  complete: boolean;
  bots: number | null;
  /** Whether count and history need no token. */
  isPublic: boolean;
  /** Whether streams are given; else the page has to ask. */
  hasStreams: boolean;
  /** Tokens that are taken. */
  tokens: string[];
  visitors: Visitor[];
  pages: { path: string; count: number }[];
  findings: Finding[];
  hasHistory: boolean;
  waiting: number;
  jobsFail: boolean;
}

/** The same moment in every picture. */
export const NOW_MS = Date.parse("2026-11-24T12:03:07.000Z");
const MINUTE_MS = 60_000;
const WINDOW_SECONDS = 60;
const INSTANCE_ID = "b47c313f-ca4d-40e0-8ae9-4f993e4abd02";

/** A site with a dozen visitors and nothing wrong. */
export function ordinaryScene(changes: Partial<Scene> = {}): Scene {
  return {
    count: 1284,
    store: "live",
    ageMs: 3,
    complete: true,
    bots: null,
    isPublic: true,
    hasStreams: true,
    tokens: [ADMIN_TOKEN, READ_TOKEN],
    visitors: manyVisitors(120),
    pages: somePages(),
    findings: [],
    hasHistory: true,
    waiting: 41,
    jobsFail: false,
    ...changes,
  };
}

/** Visitors of every kind: addresses short and long, hashes, another writer's text. */
export function manyVisitors(amount: number): Visitor[] {
  const oddities: Pick<Visitor, "visitor" | "foreign">[] = [
    { visitor: "2001:db8:1234:5678::/64" },
    { visitor: "2001:db8:85a3:1234:5678:8a2e:1370:7334" },
    { visitor: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", foreign: true },
    { visitor: "user \u202e\u0007<b>42", foreign: true },
  ];
  return Array.from({ length: amount }, (_, index) => {
    const text = `${198 + (index % 6)}.51.${Math.floor(index / 200) + 100}.${(index * 7) % 250}`;
    const secondsAgo = Math.floor((index / amount) * (WINDOW_SECONDS - 1));
    const lastSeen = new Date(NOW_MS - secondsAgo * 1000).toISOString();
    return { visitor: text, ...oddities[index - 1], lastSeen, secondsAgo };
  });
}

function somePages(): Scene["pages"] {
  return [
    { path: "/", count: 512 },
    { path: "/pricing", count: 204 },
    { path: "/blog/why-the-number-was-wrong-for-three-years-and-how-we-found-out", count: 96 },
    { path: "/docs/getting-started", count: 41 },
    { path: "/%e4%b8%ad%e6%96%87", count: 7 },
    { path: "/about", count: 1 },
  ];
}

/** One finding of each severity. */
export function everyFinding(): Finding[] {
  const sinceAt = new Date(NOW_MS - 13 * MINUTE_MS).toISOString();
  return [
    {
      code: "proxy-not-trusted",
      severity: "fail",
      title: "A proxy hides all visitors behind its own address",
      detail: "All 3,120 requests came from 10.0.0.7, which sends X-Forwarded-For.",
      remedy: "Add 10.0.0.7/32 to PRESENCE_TRUSTED_PROXIES.",
      values: {
        part: 3_120,
        whole: 3_120,
        peers: "10.0.0.7",
        header: "X-Forwarded-For",
        cidrs: "10.0.0.7/32",
      },
      sinceAt,
    },
    {
      code: "eviction-policy",
      severity: "warn",
      title: "Redis may evict visitors when its memory is full",
      detail: "maxmemory-policy is allkeys-lru.",
      remedy: "Set maxmemory-policy noeviction.",
      values: { policy: "allkeys-lru", maxmemory: 0 },
      sinceAt,
    },
    {
      code: "clients-loopback",
      severity: "info",
      title: "All visitors come from this machine",
      detail: "All 3,120 requests came from this machine itself.",
      remedy: "Nothing, while you try it. Behind a proxy: PRESENCE_TRUSTED_PROXIES=loopback.",
      values: { part: 3_120, whole: 3_120 },
      sinceAt,
    },
  ];
}

/** `OnlineCount` of the scene. */
export function onlineOf(scene: Scene): OnlineCount {
  return {
    channel: "site",
    count: scene.count,
    windowSeconds: WINDOW_SECONDS,
    asOf: new Date(NOW_MS).toISOString(),
    since: new Date(NOW_MS - (scene.complete ? 3 * 60 : 0.5) * MINUTE_MS).toISOString(),
    complete: scene.complete,
    stale: scene.store === "stale",
    ageMs: scene.ageMs,
    ...(scene.bots === null ? {} : { bots: scene.bots }),
  };
}

/** A page of the scene's visitors; the cursor is the place of its first one. */
export function visitorsOf(scene: Scene, limit: number, cursor: string | null): VisitorPage {
  const begin = Number(cursor ?? 0);
  const end = begin + limit;
  return {
    asOf: new Date(NOW_MS).toISOString(),
    identity: "ip",
    visitors: scene.visitors.slice(begin, end),
    nextCursor: end < scene.visitors.length ? String(end) : null,
  };
}

/** The scene's pages as channels. */
export function channelsOf(scene: Scene, limit: number): Channels {
  const lastWrite = new Date(NOW_MS).toISOString();
  return {
    asOf: lastWrite,
    windowSeconds: WINDOW_SECONDS,
    complete: true,
    total: scene.pages.length,
    channels: scene.pages.slice(0, limit).map(({ path, count }) => ({
      channel: `page:${path}`,
      count,
      lastWrite,
      ...(scene.bots === null ? {} : { bots: Math.floor(count / 9) }),
    })),
  };
}

/** A day's curve with a gap in it, at the step and from the time that were asked for. */
export function historyOf(scene: Scene, step: HistoryStep, askedFromMs: number): HistoryAnswer {
  const stepMs = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 1440 * MINUTE_MS }[step];
  const amount = Math.min(1500, Math.ceil((NOW_MS - askedFromMs) / stepMs));
  const fromMs = (Math.floor(NOW_MS / stepMs) - amount + 1) * stepMs;
  const points = Array.from({ length: amount }, (_, index) => {
    const atMs = fromMs + index * stepMs;
    const at = new Date(atMs).toISOString();
    const share = index / amount;
    if (!scene.hasHistory || (share > 0.4 && share < 0.46)) return { at, min: null, max: null, last: null };
    const wave = 0.55 + 0.3 * Math.sin(share * 9) + 0.1 * Math.sin(share * 61);
    const last = Math.round(scene.count * wave);
    const spread = Math.round(scene.count * 0.08 * (1 + Math.sin(share * 37) ** 2));
    return { at, min: Math.max(0, last - spread), max: last + spread, last };
  });
  return {
    channel: "site",
    step,
    from: new Date(fromMs).toISOString(),
    to: new Date(NOW_MS).toISOString(),
    timeZone: "Asia/Shanghai",
    points,
  };
}

/** A week of distinct visitors; the first day is not known. */
export function uniquesOf(scene: Scene, days: number): Uniques {
  const dayOf = (index: number) =>
    new Date(NOW_MS - (days - 1 - index) * 1440 * MINUTE_MS).toISOString().slice(0, 10);
  return {
    channel: "site",
    timeZone: "Asia/Shanghai",
    errorPercent: 0.81,
    days: Array.from({ length: days }, (_, index) => ({
      day: dayOf(index),
      visitors: index === 0 || !scene.hasHistory ? null : scene.count * (3 + ((index * 5) % 7)),
    })),
  };
}

/** Peaks, one of them reset before. */
export function peaksOf(scene: Scene, reason: string | null): Peaks {
  const peak = (share: number, minutesAgo: number) =>
    scene.hasHistory
      ? {
          count: Math.round(scene.count * share),
          at: new Date(NOW_MS - minutesAgo * MINUTE_MS).toISOString(),
        }
      : null;
  const at = new Date(NOW_MS).toISOString();
  return {
    channel: "site",
    asOf: at,
    timeZone: "Asia/Shanghai",
    today: peak(1.03, 44),
    last7Days: peak(1.31, 2 * 1440),
    allTime: reason === null ? peak(2.4, 90 * 1440) : null,
    resets: reason === null ? [] : [{ scope: "allTime", at, reason, previous: peak(2.4, 90 * 1440) }],
  };
}

/** What a prune of the scene answers. */
export function pruneOf(scene: Scene, isDryRun: boolean): PruneAnswer {
  const removed = scene.waiting;
  if (!isDryRun) scene.waiting = 0;
  return { removed, invalid: Math.floor(removed / 40), remaining: isDryRun ? removed : 0, elapsedMs: 7 };
}

function secondsBefore(secondsAgo: number): string {
  return new Date(NOW_MS - secondsAgo * 1000).toISOString();
}

/** The three jobs. */
export function jobsOf(scene: Scene): Jobs {
  const by = "vm-7f3a:4213";
  return {
    asOf: secondsBefore(0),
    runner: "in-process",
    jobs: [
      {
        name: "prune",
        schedule: "every minute",
        lastRun: scene.jobsFail
          ? {
              ok: false,
              at: secondsBefore(7),
              by,
              elapsedMs: 2004,
              error: "The store cannot be reached: connect ECONNREFUSED",
            }
          : {
              ok: true,
              at: secondsBefore(7),
              by,
              elapsedMs: 7,
              result: { removed: 41, invalid: 0, remaining: 0 },
            },
        lastSuccessAt: secondsBefore(scene.jobsFail ? 840 : 7),
        nextRunAt: secondsBefore(-53),
      },
      {
        name: "retain",
        schedule: "every day",
        lastRun: null,
        lastSuccessAt: null,
        nextRunAt: secondsBefore(-43_000),
      },
      {
        name: "sample",
        schedule: "every 10 s",
        lastRun: { ok: true, at: secondsBefore(3), by, elapsedMs: 1, result: { sampled: 1 } },
        lastSuccessAt: secondsBefore(3),
        nextRunAt: secondsBefore(-7),
      },
    ],
  };
}

/** Diagnostics with the scene's findings. */
export function diagnosticsOf(scene: Scene): Diagnostics {
  const asOf = new Date(NOW_MS).toISOString();
  const since = new Date(NOW_MS - 212 * MINUTE_MS).toISOString();
  const profile = { identity: "ip", ipv6Prefix: 64, windowSeconds: WINDOW_SECONDS, shards: 1 } as const;
  const isReady = scene.store === "live";
  return {
    asOf,
    instance: { id: INSTANCE_ID, version: "0.1.0", startedAt: since, mode: "redis", jobs: "in-process" },
    store: {
      name: "redis",
      ready: isReady,
      latencyMs: isReady ? 0.3 : null,
      epoch: "0197f2c0a41b",
      since,
      clock: { offsetMs: -2, settled: true, roundTripMs: 0.2 },
    },
    identity: profile,
    writers: [{ id: INSTANCE_ID, seenAt: asOf, agrees: true, profile }],
    recorder: { recorded: 3120, coalesced: 2800, flushed: 320, pending: 0, failedFlushes: 0, refused: {} },
    tally: {
      since,
      requests: 3120,
      private: 0,
      loopback: 0,
      nobody: 0,
      untrustedForwarded: 0,
      ignored: 0,
      bots: 0,
      refused: 0,
      dropped: 0,
      busiestShare: 0.04,
    },
    findings: scene.findings,
  };
}
