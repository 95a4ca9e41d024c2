import { describe, expect, it } from "vitest";
import { parseRedisUrl } from "../../src/redis.ts";

describe("a Redis URL", () => {
  it.each([
    [
      "redis://localhost",
      { kind: "standalone", hosts: [{ host: "localhost", port: 6379 }], tls: false, db: 0 },
    ],
    [
      "redis://10.0.0.5:7000/7",
      { kind: "standalone", hosts: [{ host: "10.0.0.5", port: 7000 }], tls: false, db: 7 },
    ],
    ["redis://[::1]:6380", { kind: "standalone", hosts: [{ host: "::1", port: 6380 }], tls: false, db: 0 }],
    [
      "rediss://app:p%40ss@cache.example:6380/0",
      {
        kind: "standalone",
        hosts: [{ host: "cache.example", port: 6380 }],
        tls: true,
        db: 0,
        username: "app",
        password: "p@ss",
      },
    ],
    [
      "redis://:secret@h",
      { kind: "standalone", hosts: [{ host: "h", port: 6379 }], tls: false, db: 0, password: "secret" },
    ],
    [
      "redis+sentinel://a:26379,b/mymaster/2",
      {
        kind: "sentinel",
        hosts: [
          { host: "a", port: 26379 },
          { host: "b", port: 26379 },
        ],
        tls: false,
        db: 2,
        master: "mymaster",
      },
    ],
    [
      "rediss+cluster://a:1,b:2,[::1]:3",
      {
        kind: "cluster",
        hosts: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
          { host: "::1", port: 3 },
        ],
        tls: true,
        db: 0,
      },
    ],
  ])("%s says where the server is", (url, address) => {
    expect(parseRedisUrl(url)).toEqual(address);
  });

  it.each([
    "",
    "localhost:6379",
    "http://localhost",
    "redis:/localhost",
    "redis://",
    "redis://h:0",
    "redis://h:70000",
    "redis://h/seven",
    "redis://h/1/2",
    "redis://a,b",
    "redis+sentinel://a:1",
    "redis+cluster://a/3",
    "redis://u:%ZZ@h",
  ])("refuses %j and names examples, not the URL's password", (url) => {
    expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: "PRESENCE_INVALID_OPTION" }));
  });

  it("never repeats a password in its complaint", () => {
    expect(() => parseRedisUrl("redis://user:hunter2@h/x")).toThrow(/^(?!.*hunter2)/);
  });
});
