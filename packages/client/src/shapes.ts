import type {
  Channels,
  Diagnostics,
  ForgetAnswer,
  HistoryAnswer,
  Jobs,
  Liveness,
  OnlineCount,
  Peaks,
  Problem,
  PruneAnswer,
  Readiness,
  SightingsAnswer,
  StreamEnd,
  Uniques,
  UserOnline,
  VisitorPage,
} from "@presence/api-contract";
import type { Shape } from "./shape.ts";

export const ONLINE_COUNT: Shape<OnlineCount> = {
  channel: "string",
  count: "number",
  windowSeconds: "number",
  asOf: "string",
  since: "string?",
  complete: "boolean",
  stale: "boolean",
  ageMs: "number",
};

export const USER_ONLINE: Shape<UserOnline> = { msg: "string", num: "number" };

export const STREAM_END: Shape<StreamEnd> = { reason: "string", retryMs: "number" };

export const VISITOR_PAGE: Shape<VisitorPage> = {
  asOf: "string",
  identity: "string",
  visitors: [{ visitor: "string", lastSeen: "string", secondsAgo: "number" }],
  nextCursor: "string?",
};

export const FORGET_ANSWER: Shape<ForgetAnswer> = { forgotten: "number" };

export const PRUNE_ANSWER: Shape<PruneAnswer> = {
  removed: "number",
  invalid: "number",
  remaining: "number",
  elapsedMs: "number",
};

export const SIGHTINGS_ANSWER: Shape<SightingsAnswer> = {
  accepted: "number",
  rejected: [{ index: "number", code: "string" }],
};

export const CHANNELS: Shape<Channels> = {
  asOf: "string",
  windowSeconds: "number",
  complete: "boolean",
  total: "number",
  channels: [{ channel: "string", count: "number", lastWrite: "string" }],
};

export const HISTORY_ANSWER: Shape<HistoryAnswer> = {
  channel: "string",
  step: "string",
  from: "string",
  to: "string",
  timeZone: "string",
  points: [{ at: "string", min: "number?", max: "number?", last: "number?" }],
};

export const PEAKS: Shape<Peaks> = {
  channel: "string",
  asOf: "string",
  timeZone: "string",
  today: "object?",
  last7Days: "object?",
  allTime: "object?",
  resets: [{ scope: "string", at: "string", reason: "string", previous: "object?" }],
};

export const UNIQUES: Shape<Uniques> = {
  channel: "string",
  timeZone: "string",
  errorPercent: "number",
  days: [{ day: "string", visitors: "number?" }],
};

export const DIAGNOSTICS: Shape<Diagnostics> = {
  asOf: "string",
  instance: "object",
  store: "object",
  identity: "object",
  writers: [{ id: "string", seenAt: "string", agrees: "boolean", profile: "object" }],
  recorder: "object",
  tally: "object",
  findings: [
    {
      code: "string",
      severity: "string",
      title: "string",
      detail: "string",
      remedy: "string",
      values: "object",
      sinceAt: "string",
    },
  ],
};

export const JOBS: Shape<Jobs> = {
  asOf: "string",
  runner: "string",
  jobs: [
    {
      name: "string",
      schedule: "string",
      lastRun: "object?",
      lastSuccessAt: "string?",
      nextRunAt: "string?",
    },
  ],
};

export const LIVENESS: Shape<Liveness> = { status: "string" };

export const READINESS: Shape<Readiness> = { status: "string", store: "string" };

export const PROBLEM: Shape<Problem> = {
  type: "string",
  title: "string",
  status: "number",
  detail: "string",
  code: "string",
};
