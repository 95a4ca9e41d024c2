import type { OnlineCount } from "@presence/api-contract";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { followOnline, type Heard } from "../src/api/follow.ts";
import { ApiError } from "../src/api/problem.ts";

const COUNT: OnlineCount = {
  channel: "site",
  count: 3,
  windowSeconds: 60,
  asOf: "2026-11-24T12:00:00.000Z",
  since: null,
  complete: true,
  stale: false,
  ageMs: 0,
};
const COUNT_EVENT = `event: count\ndata: ${JSON.stringify(COUNT)}\n\n`;

let heard: Heard["kind"][];
let stop: (() => void) | undefined;
/** Writes to the newest stream. */
let write: (text: string) => void;
let openStreams: number;
let polls: number;
let streamsAsked: number;
let pollAnswer: () => Promise<OnlineCount>;
let streamRefusal: ApiError | null;

const api = {
  online: () => {
    polls += 1;
    return pollAnswer();
  },
  async stream(signal: AbortSignal): Promise<Response> {
    streamsAsked += 1;
    if (streamRefusal !== null) throw streamRefusal;
    openStreams += 1;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        write = (text) => controller.enqueue(new TextEncoder().encode(text));
        signal.addEventListener("abort", () => {
          openStreams -= 1;
          controller.error(new Error("aborted"));
        });
      },
    });
    return new Response(body);
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  heard = [];
  openStreams = polls = streamsAsked = 0;
  pollAnswer = async () => COUNT;
  streamRefusal = null;
});
afterEach(() => {
  stop?.();
  vi.useRealTimers();
});

async function follow(): Promise<void> {
  stop = followOnline(api, ({ kind }) => heard.push(kind));
  await vi.advanceTimersByTimeAsync(0);
}

it("asks for nothing else while the stream speaks", async () => {
  await follow();
  write(COUNT_EVENT);
  for (let comment = 0; comment < 10; comment += 1) {
    await vi.advanceTimersByTimeAsync(15_000);
    write(": still here\n\n");
  }
  expect({ polls, streamsAsked, heard }).toEqual({ polls: 0, streamsAsked: 1, heard: ["count"] });
});

it("takes a stream that is silent for 35 s as dead and opens another", async () => {
  await follow();
  write(COUNT_EVENT);
  await vi.advanceTimersByTimeAsync(34_000);
  expect(streamsAsked).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect({ streamsAsked, openStreams }).toEqual({ streamsAsked: 2, openStreams: 1 });
  expect(polls).toBeGreaterThanOrEqual(1);
});

it("asks each 5 s while a proxy holds the stream back, until its first word", async () => {
  await follow();
  await vi.advanceTimersByTimeAsync(13_000);
  expect({ polls, streamsAsked, heard }).toEqual({
    polls: 3,
    streamsAsked: 1,
    heard: ["count", "count", "count"],
  });
  write(COUNT_EVENT);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(polls).toBe(3);
});

it("comes back when the server that ended the stream said", async () => {
  await follow();
  write(`${COUNT_EVENT}event: end\ndata: {"reason":"shutdown","retryMs":20000}\n\n`);
  await vi.advanceTimersByTimeAsync(19_999);
  expect(streamsAsked).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(streamsAsked).toBe(2);
});

it("asks each 5 s and tries the stream ever more rarely where it is refused", async () => {
  streamRefusal = new ApiError(503, "PRESENCE_STREAMS_FULL", "");
  await follow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(polls).toBeGreaterThanOrEqual(12);
  expect(polls).toBeLessThanOrEqual(20);
  expect(streamsAsked).toBeGreaterThanOrEqual(4);
  expect(streamsAsked).toBeLessThanOrEqual(7);
});

it.each([
  ["unreachable", new ApiError(0, "", "")],
  ["unreachable", new ApiError(502, "", "")],
  ["unavailable", new ApiError(503, "PRESENCE_STORE_UNAVAILABLE", "")],
  ["locked", new ApiError(401, "PRESENCE_UNAUTHORIZED", "")],
])("hears %s of the answer %s", async (kind, error) => {
  streamRefusal = error;
  pollAnswer = () => Promise.reject(error);
  await follow();
  expect(heard).toEqual([kind]);
});

it("leaves nothing behind when it is stopped", async () => {
  await follow();
  write(COUNT_EVENT);
  await vi.advanceTimersByTimeAsync(1);
  stop?.();
  await vi.advanceTimersByTimeAsync(120_000);
  expect({ openStreams, polls, timers: vi.getTimerCount() }).toEqual({ openStreams: 0, polls: 0, timers: 0 });
});
