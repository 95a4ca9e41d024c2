import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AbusedApi, launchAbusedApi, seeUnhurt } from "../support/abused-api.ts";

let api: AbusedApi;
beforeAll(async () => {
  api = await launchAbusedApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const END = "Host: x\r\nConnection: close\r\n\r\n";

/** What a target is answered with: a page of nobody's, a file of nobody's, a question that is none. */
const TARGETS: readonly (readonly [target: string, status: number])[] = [
  ["//", 302],
  ["//evil.example/", 404],
  ["//user@[evil/x#y", 404],
  ["/..", 404],
  ["/../../etc/passwd", 404],
  ["/%2e%2e/%2e%2e/etc/passwd", 404],
  ["/..%2f..%2fetc%2fpasswd", 404],
  ["/\\..\\windows", 404],
  ["/%00", 404],
  ["/%zz", 404],
  ["/#fragment", 302],
  ["/\u00a0", 400],
  [`/${"a".repeat(7_000)}`, 404],
  [`/${"../".repeat(2_000)}`, 404],
  ["/dashboard/../admin-token", 404],
  ["/dashboard/..%2fadmin-token", 404],
  ["/dashboard/%2e%2e/admin-token", 404],
  ["/dashboard//etc/passwd.js", 404],
  ["/dashboard/%00", 404],
  ["/dashboard/index.html%00.js", 404],
  ["/dashboard/__proto__", 404],
  ["/dashboard/assets/../../../package.json", 404],
  ["/v1%2fonline", 404],
  ["/v1//online", 404],
  ["/v1/online%2f", 404],
  ["/v1/online;x=1", 404],
  ["/V1/ONLINE", 404],
  ["/mirror/../v1/online/visitors", 204],
  ["/mirror/%", 204],
  ["/mirror/%00", 204],
  ["http://evil.example/v1/online", 200],
  ["HTTPS://evil.example/v1/online?window=5", 200],
  ["http://user:password@evil.example/v1/online", 200],
  ["http://evil.example/v1/../v1/online", 200],
  ["http://[::1/v1/online", 400],
  ["http://evil.example:99999999/v1/online", 400],
  ["http://%zz/", 400],
  ["http://", 400],
  ["http:", 400],
  ["file:///etc/passwd", 400],
  ["javascript:alert(1)", 400],
  ["*", 400],
  ["v1/online", 400],
  ["?", 400],
];

const METHODS: readonly (readonly [line: string, statuses: readonly number[]])[] = [
  ["TRACE /", [405]],
  ["TRACE /page", [404]],
  ["CONNECT evil.example:443", []],
  ["CONNECT /", []],
  ["OPTIONS *", [404]],
  ["DELETE /v1/online", [405]],
  ["PROPFIND /v1/online", [405]],
  ["QUERY /v1/online", [405]],
  ["M-SEARCH /page", [404]],
  ["BREW /", [400]],
  ["get /", [400]],
  ["GET\t/", [400]],
  [" GET /", [400]],
  ["__proto__ /", [400]],
];

describe("a target", () => {
  it.each(TARGETS)("%j is answered with %i", async (target, status) => {
    const { statuses, isClosed, answers } = await api.send(`GET ${target} HTTP/1.1\r\n${END}`);
    expect({ statuses, isClosed }).toEqual({ statuses: [status], isClosed: true });
    expect(answers[0]?.head).not.toMatch(/^location: (?!\/dashboard\/)/im);
  });
});

describe("a method", () => {
  it.each(METHODS)("%j is answered with %j", async (line, statuses) => {
    expect(await api.send(`${line} HTTP/1.1\r\n${END}`)).toMatchObject({ statuses, isClosed: true });
  });

  it("that nobody knows makes no label of the metrics", async () => {
    const told = await fetch(`${api.url}/metrics`, {
      headers: { Authorization: "Bearer metrics-token-of-at-least-32-characters" },
    });
    const routes = [...(await told.text()).matchAll(/^presence_http_requests_total\{.*route="([^"]*)"/gm)];
    expect(new Set(routes.map(([, route]) => route))).toEqual(
      new Set(["/", "/mirror/*", "/dashboard/*", "/v1/online", "other"]),
    );
  });
});

it("none of them made an error, or took more than 100 MB", () => seeUnhurt(api, 100));
