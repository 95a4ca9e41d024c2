import { ROUTES } from "@presence/api-contract";
import { waitUntil } from "@presence/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  ADMIN_TOKEN,
  type AbusedApi,
  launchAbusedApi,
  PATIENCE_MS,
  seeUnhurt,
} from "../support/abused-api.ts";
import { type RawClient, rawClient } from "../support/raw-http.ts";

async function launch(env: Record<string, string>): Promise<AbusedApi> {
  const api = await launchAbusedApi(env);
  onTestFinished(() => api[Symbol.asyncDispose]());
  return api;
}

/** Sends requests over one connection, a hundred at a time, and counts what was answered. */
async function statusesOf(
  url: string,
  requests: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const statuses: Record<string, number> = {};
  for (let at = 0; at < requests.length; at += 100) {
    const some = requests.slice(at, at + 100);
    using client = rawClient(url);
    client.socket.write(some.join(""));
    await waitUntil(() => client.answers().length === some.length, { timeoutMs: PATIENCE_MS });
    for (const { status } of client.answers()) statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}

function get(path: string, headers = ""): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
}

function beat(channel: string, address: string): string {
  const body = JSON.stringify({ channel });
  return (
    `POST /v1/heartbeat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
    `X-Forwarded-For: ${address}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

const address = (n: number): string => `198.51.${n >>> 8}.${n & 255}`;

describe("a flood of channels", () => {
  it("makes PRESENCE_CHANNELS_MAX of them; the others are refused by reason, under one label", async () => {
    const api = await launch({ PRESENCE_CHANNELS: "site,page:*", PRESENCE_CHANNELS_MAX: "50" });
    await statusesOf(api.url, [beat("site", address(0))]);
    const flood = Array.from({ length: 1_000 }, (_, n) => beat(`page:/${n}`, address(n)));
    expect(await statusesOf(api.url, flood)).toEqual({ 200: 49, 429: 951 });
    // A channel that was there before is counted as before.
    expect(await statusesOf(api.url, [beat("site", address(1_001))])).toEqual({ 200: 1 });
    const reason = 'presence_sightings_refused_total{source="request",reason="too-many-channels"}';
    expect(await api.metric(reason)).toBe(951);
    expect(await api.seriesOf("presence_sightings_refused_total")).toBeLessThan(20);
    await seeUnhurt(api, 150);
  });

  it("of names nobody allowed makes none, asked for or recorded to", async () => {
    const api = await launch({});
    const names = [
      "page:/x",
      "__proto__",
      "constructor",
      "bots:site",
      "a b",
      "x".repeat(200),
      "site\u0000",
      "Site",
    ];
    const beats = names.map((name, n) => beat(name, address(n)));
    const asked = names.map((name) => get(`/v1/online?channel=${encodeURIComponent(name)}`));
    const statuses = await statusesOf(api.url, [...beats, ...asked]);
    expect(Object.keys(statuses)).toEqual(["400", "403"]);
    const list = await fetch(`${api.url}${ROUTES.listChannels.path}`, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(await list.json()).toMatchObject({ total: 0 });
    await seeUnhurt(api, 150);
  });

  it("of questions, each for another channel, is answered and forgotten", async () => {
    const api = await launch({ PRESENCE_CHANNELS: "page:*" });
    const asked = Array.from({ length: 5_000 }, (_, n) =>
      get(`/v1/online?channel=page:/${n}&window=${1 + (n % 60)}`),
    );
    expect(await statusesOf(api.url, asked)).toEqual({ 200: 5_000 });
    await seeUnhurt(api, 150);
  });
});

describe("a flood of streams", () => {
  const open = (url: string, from: string): RawClient => {
    const client = rawClient(url);
    onTestFinished(() => client[Symbol.dispose]());
    client.socket.write(get("/v1/online/stream", `X-Forwarded-For: ${from}\r\n`));
    return client;
  };
  const answered = (clients: readonly RawClient[]): Promise<true> =>
    waitUntil(() => clients.every((client) => client.answers().length > 0 || client.isClosed), {
      timeoutMs: PATIENCE_MS,
    });
  const count = (clients: readonly RawClient[], status: number): number =>
    clients.filter((client) => client.answers()[0]?.status === status).length;

  it("gets PRESENCE_STREAMS_PER_CLIENT for an address and PRESENCE_STREAMS_MAX in all, and when to come back", async () => {
    const api = await launch({ PRESENCE_STREAMS_MAX: "20", PRESENCE_STREAMS_PER_CLIENT: "5" });
    const greedy = Array.from({ length: 40 }, () => open(api.url, "192.0.2.1"));
    await answered(greedy);
    expect([count(greedy, 200), count(greedy, 429)]).toEqual([5, 35]);
    const many = Array.from({ length: 100 }, (_, n) => open(api.url, address(n)));
    await answered(many);
    expect([count(many, 200), count(many, 503)]).toEqual([15, 85]);
    for (const client of [...greedy, ...many]) {
      const [answer] = client.answers();
      if (answer?.status !== 200) expect(answer?.head).toMatch(/^retry-after: \d+\r$/im);
    }
    expect(await api.metric("presence_streams")).toBe(20);
    expect(await api.metric("presence_streams_refused_total")).toBe(120);
    expect(await statusesOf(api.url, [get("/v1/online")])).toEqual({ 200: 1 });
    await seeUnhurt(api, 150);
  });
});

describe("guessing of tokens", () => {
  const guess = (n: number, from: string): string =>
    get("/v1/online/visitors", `X-Forwarded-For: ${from}\r\nAuthorization: Bearer guess-${n}\r\n`);

  it("is answered 429 from the eleventh on, with when to come back; who holds a token is let in all the while", async () => {
    const api = await launch({});
    const guesses = Array.from({ length: 200 }, (_, n) => guess(n, "192.0.2.1"));
    expect(await statusesOf(api.url, guesses)).toEqual({ 401: 10, 429: 190 });
    const { answers } = await api.send(guess(200, "192.0.2.1"), { answers: 1 });
    expect(answers[0]?.head).toMatch(/^retry-after: [1-9]\d?\r$/im);
    const right = get(
      "/v1/online/visitors",
      `X-Forwarded-For: 192.0.2.1\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\n`,
    );
    expect(await statusesOf(api.url, [right])).toEqual({ 200: 1 });
    await seeUnhurt(api, 150);
  });

  it("from 20,000 addresses is remembered of 10,000 at most, and shows no token in the log", async () => {
    const api = await launch({});
    const guesses = Array.from({ length: 20_000 }, (_, n) => guess(n, address(n)));
    expect(await statusesOf(api.url, guesses)).toEqual({ 401: 20_000 });
    expect(api.process.output).not.toMatch(/guess-|token-of-at-least/);
    await seeUnhurt(api, 150);
  });
});
