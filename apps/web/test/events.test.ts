import { assert, asyncProperty, nat, uniqueArray } from "fast-check";
import { expect, it } from "vitest";
import { readEvents, type ServerEvent } from "../src/api/events.ts";

const WIRE =
  'event: count\ndata: {"count":1}\n\n: still here\n\nevent: end\r\ndata: a\r\ndata:  b\r\n\r\ndata: plain\n\nevent: nothing\n\n';
const EVENTS: ServerEvent[] = [
  { event: "count", data: '{"count":1}' },
  { event: "", data: "" },
  { event: "end", data: "a\n b" },
  { event: "message", data: "plain" },
];

async function read(chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<ServerEvent[]> {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

it("reads events, comments and events without a name", async () => {
  expect(await read([new TextEncoder().encode(WIRE)])).toEqual(EVENTS);
});

it("reads the same however the text is cut into chunks", async () => {
  const bytes = new TextEncoder().encode(WIRE.replace("plain", "人"));
  await assert(
    asyncProperty(uniqueArray(nat(bytes.length)), async (cuts) => {
      const edges = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
      const chunks = edges.slice(1).map((end, index) => bytes.slice(edges[index], end));
      expect((await read(chunks)).at(-1)).toEqual({ event: "message", data: "人" });
      expect(await read(chunks)).toHaveLength(EVENTS.length);
    }),
  );
});

it("gives an event that was cut off to nobody", async () => {
  expect(await read([new TextEncoder().encode('event: count\ndata: {"count":1}\n')])).toEqual([]);
});
