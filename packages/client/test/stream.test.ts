import { createProblem, ROUTES } from "@presence/api-contract";
import { describe, expect, it } from "vitest";
import {
  createPresenceClient,
  type PresenceClient,
  type StreamOptions,
  type StreamUpdate,
} from "../src/index.ts";
import { breakOff, json, plain, silence, type Stage, startStagedServer } from "./support/staged-server.ts";

const COUNT = ROUTES.getOnline.answers[200].example;

describe("stream", () => {
  it("yields counts as they come, and names the channel", async () => {
    const { client, server } = await stagedClient(events(count(1), count(2)));
    expect(await take(client, 2)).toEqual([
      { event: "count", data: { ...COUNT, count: 1 } },
      { event: "count", data: { ...COUNT, count: 2 } },
    ]);
    expect(server.received[0]).toMatchObject({
      path: "/v1/online/stream",
      query: { channel: "page:/" },
      headers: { accept: "text/event-stream" },
    });
  });

  it("yields that no count is known, and ignores events of a newer server", async () => {
    const problem = createProblem("PRESENCE_STORE_UNAVAILABLE", "Redis cannot be reached.");
    const { client } = await stagedClient(
      events(event("later", { x: 1 }), event("unavailable", problem), count(3)),
    );
    expect(await take(client, 2)).toEqual([
      { event: "unavailable", data: problem },
      { event: "count", data: { ...COUNT, count: 3 } },
    ]);
  });

  it("connects again by itself after the connection broke", async () => {
    const broken: Stage = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(count(1), () => response.destroy());
    };
    const { client, server } = await stagedClient(broken, events(count(2)));
    expect(await take(client, 3)).toEqual([
      { event: "count", data: { ...COUNT, count: 1 } },
      disconnected("PRESENCE_CLIENT_UNREACHABLE"),
      { event: "count", data: { ...COUNT, count: 2 } },
    ]);
    expect(server.received).toHaveLength(2);
  });

  it("waits as long as the event end asks, and calls that no error", async () => {
    const ends: Stage = (response) =>
      response
        .writeHead(200, { "content-type": "text/event-stream" })
        .end(event("end", { reason: "shutdown", retryMs: 7_000 }));
    const { client } = await stagedClient(ends);
    const [update] = await take(client, 1);
    expect(update).toMatchObject({ event: "disconnected", error: null });
    expect(retryOf(update)).toBe(7_000);
  });

  it("waits as long as the field retry asks", async () => {
    const ends: Stage = (response) =>
      response.writeHead(200, { "content-type": "text/event-stream" }).end("retry: 9000\n\n");
    const { client } = await stagedClient(ends);
    expect(retryOf((await take(client, 1))[0])).toBe(9_000);
  });

  it.each([429, 503])("waits as long as an answer %i asks", async (status) => {
    const { client } = await stagedClient(plain("", status, { "retry-after": "11" }));
    const [update] = await take(client, 1);
    expect(update).toMatchObject({ event: "disconnected", error: { status } });
    expect(retryOf(update)).toBe(11_000);
  });

  it("waits longer after each failure, and no longer after a success", async () => {
    const once: Stage = (response) =>
      response.writeHead(200, { "content-type": "text/event-stream" }).end(count(1));
    const { client } = await stagedClient(breakOff, breakOff, once);
    const waits = (await take(client, 4)).map(retryOf);
    expect(waits[0]).toBeGreaterThan(500);
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    expect(waits[1]).toBeGreaterThan(1_000);
    expect(waits[1]).toBeLessThanOrEqual(2_000);
    expect(waits[3]).toBeLessThanOrEqual(1_000);
  });

  it("takes a silent connection for a broken one, and comments for signs of life", async () => {
    const silent: Stage = (response) =>
      void response.writeHead(200, { "content-type": "text/event-stream" }).write(count(1));
    const { client, server } = await stagedClient(silent);
    const startedMs = performance.now();
    const updates = await take(client, 2, { idleMs: 60 });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(58);
    expect(updates[1]).toEqual(disconnected("PRESENCE_CLIENT_TIMEOUT"));
    await expect.poll(server.abandoned).toBe(1);

    const alive: Stage = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      let said = 0;
      const timer = setInterval(() => {
        said += 1;
        response.write(said === 10 ? count(said) : ": here\n\n");
      }, 20);
      response.on("close", () => clearInterval(timer));
    };
    const patient = await stagedClient(alive);
    expect(await take(patient.client, 1, { idleMs: 150 })).toEqual([
      { event: "count", data: { ...COUNT, count: 10 } },
    ]);
  });

  it("gives up a connection whose answer does not begin in the time of a call", async () => {
    const server = await startStagedServer(silence);
    const client = createPresenceClient({ url: server.url, timeoutMs: 60 });
    expect(await take(client, 1)).toEqual([disconnected("PRESENCE_CLIENT_TIMEOUT")]);
  });

  it.each([
    ["400", plain("", 400), { status: 400 }],
    ["401", plain("", 401), { status: 401 }],
    ["404", plain("", 404), { status: 404 }],
    ["a redirect", plain("", 302, { location: "/" }), { code: "PRESENCE_CLIENT_REDIRECTED" }],
    ["JSON", json(COUNT), { kind: "invalid-answer", status: 200 }],
    ["a count of another shape", events(event("count", { count: 1 })), { kind: "invalid-answer" }],
    ["an event that is no JSON", events("event: count\ndata: {\n\n"), { kind: "invalid-answer" }],
    ["an event without end", events(`data: ${"x".repeat(1024 * 1024 + 1)}\n`), { kind: "invalid-answer" }],
  ] satisfies [string, Stage, object][])(
    "ends with the error where asking again is no use: %s",
    async (_what, stage, error) => {
      const { client, server } = await stagedClient(stage);
      await expect(take(client, 1)).rejects.toMatchObject(error);
      expect(server.received).toHaveLength(1);
    },
  );

  it("ends without an error when its signal aborts, connected, waiting or not begun", async () => {
    const controller = new AbortController();
    const { client, server } = await stagedClient(events(count(1)));
    const updates = client.stream({}, { signal: controller.signal });
    await updates.next();
    const waiting = updates.next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect.poll(server.abandoned).toBe(1);
    expect(await client.stream({}, { signal: controller.signal }).next()).toMatchObject({ done: true });
    expect(server.received).toHaveLength(1);

    const second = new AbortController();
    const ended = await stagedClient(plain("", 503, { "retry-after": "60" }));
    const follows = ended.client.stream({}, { signal: second.signal });
    await follows.next();
    const resting = follows.next();
    second.abort();
    expect(await resting).toEqual({ done: true, value: undefined });
  });

  it("lets go of the connection when the reader has enough", async () => {
    const { client, server } = await stagedClient(events(count(1)));
    await take(client, 1);
    await expect.poll(server.abandoned).toBe(1);
  });

  it("reads characters that were cut in two by the network", async () => {
    const text = count(1).replace("site", "größe");
    const bytes = Buffer.from(text);
    const cut = bytes.indexOf(0xc3) + 1;
    const { client } = await stagedClient((response) => {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      response.write(bytes.subarray(0, cut), () => response.write(bytes.subarray(cut)));
    });
    expect(await take(client, 1)).toEqual([
      { event: "count", data: { ...COUNT, count: 1, channel: "größe" } },
    ]);
  });
});

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function count(value: number): string {
  return event("count", { ...COUNT, count: value });
}

/** A stream that says these and stays open. */
function events(...texts: readonly string[]): Stage {
  return (response) =>
    void response.writeHead(200, { "content-type": "text/event-stream" }).write(texts.join(""));
}

function disconnected(code: string): unknown {
  return { event: "disconnected", error: expect.objectContaining({ code }), retryInMs: expect.any(Number) };
}

function retryOf(update: StreamUpdate | undefined): number {
  return update?.event === "disconnected" ? update.retryInMs : Number.NaN;
}

async function stagedClient(...stages: readonly [Stage, ...Stage[]]) {
  const server = await startStagedServer(...stages);
  return { server, client: createPresenceClient({ url: server.url }) };
}

/** The first updates of a stream, which is left then. */
async function take(
  client: PresenceClient,
  most: number,
  options: StreamOptions = {},
): Promise<StreamUpdate[]> {
  const updates: StreamUpdate[] = [];
  for await (const update of client.stream({ channel: "page:/" }, options)) {
    updates.push(update);
    if (updates.length === most) break;
  }
  return updates;
}
