import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "@presence/testkit";
import {
  ADMIN_TOKEN,
  type AbusedApi,
  launchAbusedApi,
  seeUnhurt,
  PATIENCE_MS,
} from "../support/abused-api.ts";
import { rawClient } from "../support/raw-http.ts";

let api: AbusedApi;
beforeAll(async () => {
  api = await launchAbusedApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const END = "Host: x\r\nConnection: close\r\n\r\n";
const lines = (count: number): string => Array.from({ length: count }, (_, n) => `a${n}:\r\n`).join("");

const HEADS: Readonly<Record<string, string>> = {
  "a target of 9 KB": `GET /${"a".repeat(9_000)} HTTP/1.1\r\n${END}`,
  "a query of 100 KB": `GET /?${"a=1&".repeat(25_000)} HTTP/1.1\r\n${END}`,
  "3,000 headers": `GET / HTTP/1.1\r\n${lines(3_000)}${END}`,
  "one header of 9 KB": `GET / HTTP/1.1\r\nX-A: ${"a".repeat(9_000)}\r\n${END}`,
  "one header of 10 MB": `GET / HTTP/1.1\r\nX-A: ${"a".repeat(10_000_000)}\r\n${END}`,
  "a header's name of 9 KB": `GET / HTTP/1.1\r\n${"a".repeat(9_000)}: a\r\n${END}`,
  "a method of 1 MB": `${"A".repeat(1_000_000)} / HTTP/1.1\r\n${END}`,
  "cookies of 20 KB": `GET / HTTP/1.1\r\nCookie: ${"a=b; ".repeat(4_000)}\r\n${END}`,
};

const prune = (framing: string): string =>
  `POST /v1/online/prune HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\n${framing}\r\n\r\n`;

describe("a head with", () => {
  it.each(Object.entries(HEADS))("%s is refused, and its connection closed", async (_name, text) => {
    const { statuses, isClosed } = await api.send(text);
    // Whoever goes on sending may lose the answer with the connection.
    expect([[431], [400], []]).toContainEqual(statuses);
    expect(isClosed).toBe(true);
  });
});

describe("a body of", () => {
  it("more bytes than a number can hold is refused at once, and not waited for", async () => {
    const { statuses, isClosed } = await api.send(prune("Content-Length: 9007199254740993"));
    expect({ statuses, isClosed }).toEqual({ statuses: [413], isClosed: true });
  });

  it.each([
    ["a length", "Content-Length: 1000000000", "x".repeat(65_536)],
    ["chunks", "Transfer-Encoding: chunked", `10000\r\n${"x".repeat(65_536)}\r\n`],
  ])(
    "a gigabyte with %s is thrown away as it comes, until its sender is cut off",
    async (_name, framing, part) => {
      using client = rawClient(api.url);
      client.socket.write(prune(framing));
      const sendMore = (): void => {
        while (!client.socket.destroyed && client.socket.write(part));
      };
      client.socket.on("drain", sendMore);
      sendMore();
      await waitUntil(() => client.isClosed, { timeoutMs: PATIENCE_MS, what: "the end of the connection" });
      for (const { status } of client.answers()) expect(status).toBe(413);
      await seeUnhurt(api, 250);
    },
  );

  it("chunks of one byte is cut off, long before it costs what it could", async () => {
    const clients = Array.from({ length: 20 }, () => rawClient(api.url));
    for (const { socket } of clients) {
      socket.write(`${prune("Transfer-Encoding: chunked")}${"1\r\n \r\n".repeat(60_000)}`);
    }
    await waitUntil(() => clients.every(({ isClosed }) => isClosed), {
      timeoutMs: PATIENCE_MS,
      what: "the end of all connections",
    });
    for (const client of clients) client[Symbol.dispose]();
    await seeUnhurt(api, 250);
  });

  it("a packed gigabyte is not unpacked", async () => {
    const { statuses } = await api.send(
      `${prune("Content-Encoding: gzip\r\nContent-Length: 20\r\nConnection: close")}${"\u001f\u008b".repeat(10)}`,
    );
    expect(statuses).toEqual([415]);
  });
});

it("none of them made an error, or took more than 250 MB", () => seeUnhurt(api, 250));
