import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ADMIN_TOKEN,
  type AbusedApi,
  INGEST_TOKEN,
  launchAbusedApi,
  seeUnhurt,
} from "../support/abused-api.ts";

let api: AbusedApi;
beforeAll(async () => {
  api = await launchAbusedApi({ PRESENCE_CHANNELS: "site,page:*" });
});
afterAll(() => api[Symbol.asyncDispose]());

function post(path: string, body: string, token?: string): string {
  const authorization = token === undefined ? "" : `Authorization: Bearer ${token}\r\n`;
  return (
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${authorization}` +
    `Content-Length: ${Buffer.byteLength(body, "latin1")}\r\nConnection: close\r\n\r\n${body}`
  );
}

const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + "1" + close.repeat(depth);

const manyKeys = (keys: number): string =>
  `{${Array.from({ length: keys }, (_, key) => `"k${key}":1`).join(",")}}`;

const BEATS: Readonly<Record<string, readonly [body: string, status: number]>> = {
  "1,500 lists in each other": [`{"channel":${nested("[", "]", 1_500)}}`, 400],
  "4,000 lists that never end": ["[".repeat(4_000), 400],
  "500 objects in each other": [nested('{"a":', "}", 500), 400],
  "a number beyond all": ['{"channel":1e999}', 400],
  "a number of 4,000 digits": [`{"channel":${"9".repeat(4_000)}}`, 400],
  "300 names nobody knows": [manyKeys(300), 400],
  "a name of 4,000 characters": [`{"${"k".repeat(4_000)}":1}`, 400],
  "more than 4 KB": [`{${" ".repeat(4_096)}}`, 413],
  "half a character": ['{"channel":"page:\\ud800"}', 400],
  "bytes that are no UTF-8": ['{"channel":"\u00ff\u00fe"}', 400],
  "UTF-16": ["{\0}\0", 400],
  "a prototype of its own": ['{"__proto__":{"channel":"page:/x"}}', 400],
  "a constructor": ['{"constructor":{"prototype":{"isAdmin":true}}}', 400],
  "a channel named __proto__": ['{"channel":"__proto__"}', 400],
  "a channel named constructor": ['{"channel":"constructor"}', 403],
};

const SIGHTINGS: Readonly<Record<string, readonly [body: string, status: number]>> = {
  "4,000,000 lists in each other": [`{"sightings":[${nested("[", "]", 4_000_000)}]}`, 413],
  "1,000,000 objects in each other": [`{"sightings":[${nested('{"a":', "}", 1_000_000)}]}`, 413],
  "4,000,000 numbers": [`{"sightings":[${"0,".repeat(4_000_000)}0]}`, 413],
  "2,700,000 empty objects": [`{"sightings":[${"{},".repeat(2_700_000)}0]}`, 413],
  "a sighting of 500,000 names": [`{"sightings":[${manyKeys(500_000)}]}`, 413],
  "100,000 lists in each other": [`{"sightings":[${nested("[", "]", 100_000)}]}`, 200],
  "10,001 sightings": [`{"sightings":[${'{"ip":"192.0.2.1"},'.repeat(10_000)}{}]}`, 413],
  "more than 8 MB": [`{"sightings":["${"x".repeat(8 * 1024 * 1024)}"]}`, 413],
};

describe("a heartbeat of", () => {
  it.each(Object.entries(BEATS))("%s is refused in few words", async (_name, [body, status]) => {
    const { statuses, answers } = await api.send(post("/v1/heartbeat", body));
    expect(statuses).toEqual([status]);
    expect(answers[0]?.body.length).toBeLessThan(4_000);
  });

  it("the same name twice means the last one, and that alone", async () => {
    const { answers } = await api.send(post("/v1/heartbeat", '{"channel":"site","channel":"page:/twice"}'));
    expect(answers[0]?.body).toContain('"channel":"page:/twice","count":1');
  });

  it("a channel that names an object's own is a channel like others", async () => {
    const { answers } = await api.send(post("/v1/heartbeat", '{"channel":"page:constructor"}'));
    expect(answers[0]?.body).toContain('"channel":"page:constructor","count":1');
  });
});

describe("sightings of", () => {
  it.each(Object.entries(SIGHTINGS))("%s cost little", async (_name, [body, status]) => {
    const { statuses } = await api.send(post("/v1/sightings", body, INGEST_TOKEN), { answers: 1 });
    // An answer to a body that goes on may be cut off with it.
    expect([[status], []]).toContainEqual(statuses);
    await seeUnhurt(api, 250);
  });

  it("visitors and names of an object's own are what they are, and no prototype", async () => {
    const items = [
      '{"visitor":"__proto__"}',
      '{"visitor":"constructor"}',
      '{"ip":"192.0.2.7","__proto__":{"channel":"page:/x"}}',
      '{"__proto__":{"ip":"192.0.2.8"}}',
      '{"ip":"192.0.2.9","at":1e999}',
      '{"ip":"192.0.2.9","at":"+275760-09-13T00:00:00.001Z"}',
    ];
    const { answers } = await api.send(
      post("/v1/sightings", `{"sightings":[${items.join(",")}]}`, INGEST_TOKEN),
    );
    expect(JSON.parse(answers[0]?.body ?? "")).toEqual({
      accepted: 2,
      rejected: [
        { index: 2, code: "PRESENCE_INVALID_REQUEST" },
        { index: 3, code: "PRESENCE_INVALID_REQUEST" },
        { index: 4, code: "PRESENCE_INVALID_TIME" },
        { index: 5, code: "PRESENCE_INVALID_TIME" },
      ],
    });
    const forgotten = await api.send(
      post("/v1/online/forget", '{"visitors":["__proto__","constructor","hasOwnProperty"]}', ADMIN_TOKEN),
    );
    expect(forgotten.answers[0]?.body).toBe('{"forgotten":2}');
  });
});

describe("a query with", () => {
  it.each([
    "__proto__=1",
    "__proto__[x]=1",
    "constructor=1",
    "toString",
    "hasOwnProperty=1",
    "%",
    "=",
    "&&&x&&&",
  ])("%s is refused by name or ignored, and changes nothing", async (query) => {
    const { statuses } = await api.send(
      `GET /v1/online?${query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(statuses).toEqual([400]);
  });
});

it("none of them made an error, or left more than 250 MB", () => seeUnhurt(api, 250));
