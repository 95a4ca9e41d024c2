import { addressTextOf, type LogLine, userAgentOf } from "../access-log/log-line.ts";
import { BUFFER_VISITORS, type Destination } from "./destination.ts";
import { createLatestSightings } from "./latest-sightings.ts";
import type { RecordLogOptions } from "./record-log.ts";
import { sendAll } from "./send-all.ts";
import type { Tally } from "./tally.ts";

/** From so many waiting visitors on, reading waits too. */
const ENOUGH_WAITING = BUFFER_VISITORS / 2;

/** Addresses that are handed on between two looks at how many wait. */
const LOOK_EVERY = 1_000;

/** Addresses that are gathered at most before they are handed on. */
const MAX_GATHERED = 1 << 19;

/**
 * Longest that addresses of a log that is read without a pause are gathered, in milliseconds: what is live should
 * be seen soon, a file is there already.
 */
const GATHER_LIVE_MS = 1_000;
const GATHER_FILE_MS = 10_000;

/** Records lines. What is seen is handed on no later than with the next `send`. */
export interface LineRecorder {
  readonly see: (line: LogLine) => void;
  /** Hands on what has been gathered for long, and waits for room where too much waits. */
  keepUp(): Promise<void>;
  /** Hands on all that was gathered, and waits for room where too much waits. */
  send(): Promise<void>;
}

/**
 * Lines of one address are gathered to its latest, at a fraction of what handing on each of them would cost. Where
 * user agents make a difference each line is handed on by itself.
 */
export function createLineRecorder(options: RecordLogOptions): LineRecorder {
  const { at, destination, tally } = options;
  const judge = (line: LogLine): boolean => at === "now" || isOfNow(line, destination, tally);
  return destination.needsUserAgents ? eachLine(options, judge) : gathered(options, judge);
}

type Judge = (line: LogLine) => boolean;

function eachLine(options: RecordLogOptions, judge: Judge): LineRecorder {
  const { at, destination, tally } = options;
  const keepUp = (): Promise<void> => makeRoom(options);
  return {
    see(line) {
      if (!judge(line)) return;
      const atMs = at === "line" ? line.atMs : null;
      const reason = destination.record({ address: addressTextOf(line), userAgent: userAgentOf(line), atMs });
      if (reason === null) tally.taken(1);
      else tally.refused(reason, 1, false);
    },
    keepUp,
    send: keepUp,
  };
}

function gathered(options: RecordLogOptions, judge: Judge): LineRecorder {
  const { path, at, destination, tally } = options;
  const gatherMs = path === "-" ? GATHER_LIVE_MS : GATHER_FILE_MS;
  const latest = createLatestSightings();
  let sinceMs = performance.now();

  async function send(): Promise<void> {
    let handed = 0;
    for (const { address, atMs, lines } of latest.takeAll()) {
      const reason = destination.record({ address, userAgent: undefined, atMs: at === "line" ? atMs : null });
      if (reason === null) tally.taken(lines);
      else tally.refused(reason, lines, false);
      handed += 1;
      if (handed % LOOK_EVERY === 0) await makeRoom(options);
    }
    sinceMs = performance.now();
    await makeRoom(options);
  }

  return {
    see(line) {
      if (judge(line)) latest.see(line, line.atMs);
    },
    async keepUp() {
      if (latest.size() >= MAX_GATHERED || performance.now() - sinceMs >= gatherMs) await send();
    },
    send,
  };
}

/** Whether the line's time counts; a line of one that does not is done with. */
function isOfNow({ atMs }: LogLine, destination: Destination, tally: Tally): boolean {
  const reason = destination.refusalOf(atMs);
  if (reason !== null) tally.refused(reason, 1, false);
  return reason === null;
}

async function makeRoom({ destination, patienceMs, signal }: RecordLogOptions): Promise<void> {
  if (destination.pending() >= ENOUGH_WAITING) await sendAll(destination, { patienceMs, signal });
}
