import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AbusedApi, launchAbusedApi, seeUnhurt } from "../support/abused-api.ts";

let api: AbusedApi;
beforeAll(async () => {
  api = await launchAbusedApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const BEAT = "POST /v1/heartbeat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
const SMUGGLED = "GET /mirror/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
const CHUNKED = "Transfer-Encoding: chunked\r\n";
const END = "Connection: close\r\n\r\n";

/** Requests that two servers might cut at two places, and what a body is said to be that is none. */
const REFUSED: Readonly<Record<string, string>> = {
  "a length and chunks": `${BEAT}Content-Length: 5\r\n${CHUNKED}\r\n0\r\n\r\n${SMUGGLED}`,
  "chunks and a length": `${BEAT}${CHUNKED}Content-Length: 5\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  "two lengths": `${BEAT}Content-Length: 2\r\nContent-Length: 44\r\n\r\n{}${SMUGGLED}`,
  "the same length twice": `${BEAT}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
  "a list of lengths": `${BEAT}Content-Length: 2, 2\r\n\r\n{}`,
  "a length with a sign": `${BEAT}Content-Length: +2\r\n\r\n{}`,
  "a length below zero": `${BEAT}Content-Length: -2\r\n\r\n{}`,
  "a length in hexadecimal": `${BEAT}Content-Length: 0x2\r\n\r\n{}`,
  "a length with an exponent": `${BEAT}Content-Length: 1e1\r\n\r\n{}`,
  "a length with a space in it": `${BEAT}Content-Length: 2 2\r\n\r\n{}`,
  "no length where one is announced": `${BEAT}Content-Length:\r\n\r\n{}`,
  "a length of 23 digits": `${BEAT}Content-Length: 99999999999999999999999\r\n\r\n{}`,
  "an unknown coding": `${BEAT}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  "chunks that are not the last coding": `${BEAT}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  "chunks in chunks": `${BEAT}Transfer-Encoding: chunked,chunked\r\n\r\n0\r\n\r\n`,
  "chunks behind a vertical tab": `${BEAT}Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n`,
  "chunks with a parameter": `${BEAT}Transfer-Encoding: chunked;x=1\r\n\r\n0\r\n\r\n`,
  "chunks in quotes": `${BEAT}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`,
  "a coding without chunks": `${BEAT}Transfer-Encoding: gzip\r\n\r\n`,
  "a space before the colon": `${BEAT}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  "a folded header": `GET /live HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n${END}`,
  "a folded coding": `${BEAT}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
  "bare line feeds": "GET /live HTTP/1.1\nHost: x\nConnection: close\n\n",
  "a bare line feed in the headers": `GET /live HTTP/1.1\r\nHost: x\nX-A: b\r\n${END}`,
  "a bare carriage return": `GET /live HTTP/1.1\r\nHost: x\rX-A: b\r\n${END}`,
  "a null character in a header": `GET /live HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n${END}`,
  "a header without a colon": `GET /live HTTP/1.1\r\nHost: x\r\nrubbish\r\n${END}`,
  "a header without a name": `GET /live HTTP/1.1\r\nHost: x\r\n: a\r\n${END}`,
  "a space before the first header": "GET /live HTTP/1.1\r\n Host: x\r\n\r\n",
  "a chunk of more than 2^64 bytes": `${BEAT}${CHUNKED}\r\nFFFFFFFFFFFFFFFFFF\r\n`,
  "a chunk of less than none": `${BEAT}${CHUNKED}\r\n-1\r\n{}\r\n0\r\n\r\n`,
  "a chunk whose size has a prefix": `${BEAT}${CHUNKED}\r\n0x2\r\n{}\r\n0\r\n\r\n`,
  "chunks between line feeds": `${BEAT}${CHUNKED}\r\n2\n{}\n0\n\n`,
  "a chunk that is longer than it says": `${BEAT}${CHUNKED}\r\n2\r\n{}XX0\r\n\r\n`,
  "a chunk extension of 20 KB": `${BEAT}${CHUNKED}\r\n2;${"a".repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  "a length in the trailers": `${BEAT}${CHUNKED}\r\n2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n`,
  "no host": "GET /live HTTP/1.1\r\n\r\n",
  "two hosts": `GET /live HTTP/1.1\r\nHost: a\r\nHost: b\r\n${END}`,
  "two hosts in HTTP/1.0": "GET /live HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n",
  "HTTP/0.9": "GET /live\r\n\r\n",
  "HTTP/1.2": `GET /live HTTP/1.2\r\nHost: x\r\n${END}`,
  "HTTP/3.0": `GET /live HTTP/3.0\r\nHost: x\r\n${END}`,
  "the preface of HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "a greeting of TLS": "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003",
  "a command of Redis": "*1\r\n$4\r\nPING\r\n",
};

/** What may be sent, though nobody does. */
const TAKEN: Readonly<Record<string, { readonly send: string; readonly status: number }>> = {
  "HTTP/1.0 without a host": { send: "GET /live HTTP/1.0\r\n\r\n", status: 200 },
  "an expectation nobody knows": {
    send: `GET /live HTTP/1.1\r\nHost: x\r\nExpect: more\r\n${END}`,
    status: 200,
  },
  "an announced body": {
    send: `${BEAT}Expect: 100-continue\r\nContent-Length: 2\r\n${END}{}`,
    status: 200,
  },
  "a packed body in chunks": {
    send: `${BEAT}Transfer-Encoding: gzip, chunked\r\n${END}2\r\n\u001f\u008b\r\n0\r\n\r\n`,
    status: 400,
  },
};

describe("a request that could be read in two ways", () => {
  it.each(Object.entries(REFUSED))("with %s is refused, and its connection closed", async (_name, text) => {
    const { statuses, isClosed } = await api.send(text);
    expect({ statuses, isClosed }).toEqual({ statuses: [400], isClosed: true });
  });

  it.each(Object.entries(TAKEN))("but %s is answered", async (_name, { send, status }) => {
    expect(await api.send(send)).toMatchObject({ statuses: [status], isClosed: true });
  });

  it("behind a good one is never answered in its place", async () => {
    const { statuses } = await api.send("GET /live HTTP/1.1\r\nHost: x\r\n\r\nrubbish rubbish\r\n\r\n");
    expect([[], [200]]).toContainEqual(statuses);
  });

  it("whose body holds another one is one request", async () => {
    const inner = `GET /mirror/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`;
    const text = `GET /live HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length}\r\n${END}${inner}`;
    expect((await api.send(text)).statuses).toEqual([200]);
  });

  it("made no visitor, no error and at most 100 MB", async () => {
    const online = (await (await fetch(`${api.url}/v1/online`)).json()) as { readonly count: number };
    // The one who sent the heartbeats that were taken.
    expect(online.count).toBe(1);
    await seeUnhurt(api, 100);
  });
});

describe("an upgrade", () => {
  it.each(["websocket", "h2c", "TLS/1.0"])(
    "to %s is ignored: the request is answered as it is",
    async (to) => {
      const { answers } = await api.send(
        `GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: ${to}\r\nConnection: Upgrade\r\n` +
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        { answers: 1 },
      );
      expect(answers.map(({ status, body }) => [status, body])).toEqual([[200, '{"status":"live"}']]);
    },
  );
});

describe("many requests at once over one connection", () => {
  const request = "GET /mirror/ HTTP/1.1\r\nHost: x\r\n\r\n";

  it("are answered in order up to a hundred that wait, the next is refused and the connection closed", async () => {
    const { statuses, answers, isClosed } = await api.send(request.repeat(150));
    expect(statuses).toEqual([...Array.from({ length: 101 }, () => 204), 429]);
    expect(answers.at(-1)?.head).toMatch(/^retry-after: 1\r$/im);
    expect(isClosed).toBe(true);
  });

  it("cost a hundred answers at most, however many there are", async () => {
    const { statuses, isClosed } = await api.send(request.repeat(20_000));
    expect(statuses.length).toBeLessThanOrEqual(102);
    expect(isClosed).toBe(true);
  });

  it("may come again and again while their answers are waited for", async () => {
    for (let turn = 0; turn < 3; turn += 1)
      expect((await api.send(request.repeat(100), { answers: 100 })).statuses).toHaveLength(100);
    await seeUnhurt(api, 100);
  });
});
