import { type RedisServer, startRedis } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type FetchOptions, type FetchPresence, presence } from "../src/fetch.ts";
import type { PresenceEvent, RedisOptions } from "../src/types.ts";

let redis: RedisServer;
let keys = 0;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

function start(options: Partial<RedisOptions<Request>> & FetchOptions = {}): FetchPresence {
  keys += 1;
  const online = presence({ ...options, redis: redis.url, key: `fetch${keys}` });
  onTestFinished(() => online.close());
  return online;
}

const request = (headers: Record<string, string> = {}): Request =>
  new Request("http://example.com/", { headers });

describe("the address a request came from", () => {
  it.each([
    ["Deno tells", { remoteAddr: { transport: "tcp", hostname: "203.0.113.1", port: 1 } }, "203.0.113.1"],
    [
      "Bun tells",
      { requestIP: () => ({ address: "2001:db8::1", family: "IPv6", port: 1 }) },
      "2001:db8::/64",
    ],
    [
      "Hono's Node server tells",
      { incoming: { socket: { remoteAddress: "203.0.113.3" }, headers: {} } },
      "203.0.113.3",
    ],
  ])("is the one %s", async (_who, info, visitor) => {
    const online = start();
    const answer = online((_request: Request, given: object) => Response.json(Object.keys(given)))(
      request(),
      info,
    );
    expect(await answer.json()).toEqual(Object.keys(info));
    expect((await online.count()).count).toBe(1);
    expect(await redis.client().zrange(`fetch${keys}`, 0, "-1")).toEqual([visitor]);
  });

  it("is what `peer` says, for servers nobody knows; headers are believed as ever", async () => {
    const online = start({
      peer: (_request, info) => String(info),
      trustedProxies: ["10.0.0.0/8"],
      clientHeader: "CF-Connecting-IP",
    });
    const handle = online((_request: Request, _info: string) => "any answer");
    expect(handle(request({ "cf-connecting-ip": "203.0.113.9" }), "10.0.0.1")).toBe("any answer");
    handle(request({ "cf-connecting-ip": "203.0.113.10" }), "198.51.100.1");
    await online.count();
    expect((await redis.client().zrange(`fetch${keys}`, 0, "-1")).toSorted()).toEqual([
      "198.51.100.1",
      "203.0.113.9",
    ]);
  });

  it("is nobody's where it cannot be told, which is said once with what to do", async () => {
    const events: PresenceEvent[] = [];
    const online = start({ onEvent: (event) => events.push(event) });
    const handle = online(() => new Response("hello"));
    for (const answer of [handle(request()), handle(request())]) expect(await answer.text()).toBe("hello");
    expect(online.stats()).toMatchObject({ recorded: 0, refused: { address: 2 } });
    expect(events).toMatchObject([{ kind: "refused", reason: "address" }]);
    expect(events[0]?.message).toContain("`peer`");
  });

  it("is nobody's where `peer` throws, and the answer is as ever", async () => {
    const events: PresenceEvent[] = [];
    const online = start({
      peer: () => {
        throw new Error("not today");
      },
      onEvent: (event) => events.push(event),
    });
    expect(await online(() => new Response("hello"))(request()).text()).toBe("hello");
    expect(events).toMatchObject([
      { kind: "failed", part: "peer" },
      { kind: "refused", reason: "address" },
    ]);
  });
});

it("hands a handler's own failure on, and its visitor is counted", async () => {
  const online = start({ peer: () => "203.0.113.1" });
  const handle = online(() => {
    throw new TypeError("the application's own");
  });
  expect(() => handle(request())).toThrow("the application's own");
  expect((await online.count()).count).toBe(1);
});
