import { setTimeout as delay } from "node:timers/promises";
import { Transform } from "node:stream";
import type { Fault, FaultSwitch } from "./fault.ts";

/** Which way bytes flow: `question` from client to server, `answer` back. */
export type Direction = "question" | "answer";

interface Arrival {
  readonly bytes: Buffer;
  readonly arrivedMs: number;
}

/** Chunks in flight before the sender is left to wait, as a real network's buffers would. */
const CHUNKS_IN_FLIGHT = 1_024;
const DRIPS_PER_SECOND = 20;

/** Notes when each chunk arrived, so that a delay of each is no delay of the next. */
export function stamp(): Transform {
  return new Transform({
    readableObjectMode: true,
    readableHighWaterMark: CHUNKS_IN_FLIGHT,
    transform(bytes: Buffer, _encoding, done) {
      done(null, { bytes, arrivedMs: performance.now() } satisfies Arrival);
    },
  });
}

/** What a fault may do beside holding bytes back. */
export interface ShapeActions {
  /** Ends the connection. */
  readonly cut: () => void;
  /** Says something to the client that the server never said. */
  readonly reply: (text: string) => void;
}

/** Lets chunks through in order, as the fault in force at each moment has it. */
export function shape(direction: Direction, faults: FaultSwitch, { cut, reply }: ShapeActions) {
  return async function* shaped(arrivals: AsyncIterable<Arrival>): AsyncGenerator<Buffer> {
    let cutting: Fault | null = null;
    let answered = 0;
    for await (const { bytes, arrivedMs } of arrivals) {
      const fault = await whenDue(arrivedMs, direction, faults);
      if (typeof fault === "object" && "answersError" in fault) {
        if (direction === "question") {
          reply(`-${fault.answersError}\r\n`.repeat(commandsIn(bytes)));
          continue;
        }
        // It was under way when the fault began. Held back alone, every later answer would be taken for that of the
        // question before it, for as long as the connection lasts.
        cut();
        return;
      }
      if (direction === "question" || typeof fault === "string" || "latencyMs" in fault) {
        yield bytes;
      } else if ("dripBytesPerSecond" in fault) {
        yield* dripped(bytes, fault, faults);
      } else {
        if (cutting !== fault) [cutting, answered] = [fault, 0];
        yield bytes.subarray(0, fault.cutAfterBytes - answered);
        answered += bytes.length;
        if (answered < fault.cutAfterBytes) continue;
        cut();
        return;
      }
    }
  };
}

/** Waits until a chunk may go on, and answers the fault in force then. A new fault is a new decision. */
async function whenDue(arrivedMs: number, direction: Direction, faults: FaultSwitch): Promise<Fault> {
  for (;;) {
    const { fault, changed } = faults;
    if (fault === "blackhole") {
      await changed;
    } else if (typeof fault === "object" && "latencyMs" in fault) {
      const half = direction === "question" ? Math.ceil : Math.floor;
      const waitMs = arrivedMs + half(fault.latencyMs / 2) - performance.now();
      if (waitMs <= 0) return fault;
      await Promise.race([pause(waitMs), changed]);
    } else {
      return fault;
    }
  }
}

async function* dripped(
  bytes: Buffer,
  fault: { readonly dripBytesPerSecond: number },
  faults: FaultSwitch,
): AsyncGenerator<Buffer> {
  const sliceBytes = Math.max(1, Math.floor(fault.dripBytesPerSecond / DRIPS_PER_SECOND));
  const sliceMs = (sliceBytes / fault.dripBytesPerSecond) * 1_000;
  let sent = 0;
  while (sent < bytes.length && faults.fault === fault) {
    yield bytes.subarray(sent, sent + sliceBytes);
    sent += sliceBytes;
    await Promise.race([pause(sliceMs), faults.changed]);
  }
  if (sent < bytes.length) yield bytes.subarray(sent);
}

/** How many commands of Redis begin in these bytes: each is an array of its words. */
function commandsIn(bytes: Buffer): number {
  return bytes.toString("latin1").match(/(?:^|\r\n)\*\d+\r\n/g)?.length ?? 0;
}

/** A delay that keeps no process alive. */
async function pause(ms: number): Promise<void> {
  await delay(ms, undefined, { ref: false });
}
