import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN_TOKEN, type AbusedApi, launchAbusedApi, seeUnhurt } from "../support/abused-api.ts";

let api: AbusedApi;
beforeAll(async () => {
  api = await launchAbusedApi({ PRESENCE_CORS_ORIGINS: "https://shop.example" });
});
afterAll(() => api[Symbol.asyncDispose]());

const EVIL = "https://evil.example";
const ADMIN_POSTS = ["/v1/online/prune", "/v1/online/forget", "/v1/sightings"];

function ask(
  path: string,
  init: RequestInit & { readonly headers?: Record<string, string> },
): Promise<Response> {
  return fetch(`${api.url}${path}`, { redirect: "manual", ...init });
}

describe("a page of another site", () => {
  it.each([
    EVIL,
    "null",
    "https://shop.example.evil.example",
    "http://shop.example",
    "https://shop.example:8443",
  ])("at %s may not count its readers, nor ask whether it may", async (origin) => {
    const headers = { Origin: origin, "Content-Type": "application/json" };
    const beat = await ask("/v1/heartbeat", { method: "POST", body: "{}", headers });
    const preflight = await ask("/v1/heartbeat", {
      method: "OPTIONS",
      headers: { Origin: origin, "Access-Control-Request-Method": "POST" },
    });
    for (const answer of [beat, preflight]) {
      expect(answer.status).toBe(403);
      expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
      expect(answer.headers.has("access-control-allow-headers")).toBe(false);
    }
  });

  it.each([...ADMIN_POSTS, "/v1/peaks", "/v1/online/visitors", "/v1/diagnostics"])(
    "is not let near %s by any preflight",
    async (path) => {
      const answer = await ask(path, {
        method: "OPTIONS",
        headers: {
          Origin: EVIL,
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "authorization, content-type",
        },
      });
      expect(answer.headers.has("access-control-allow-headers")).toBe(false);
      expect(answer.headers.has("access-control-allow-methods")).toBe(false);
    },
  );

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "changes nothing by a form of %s, with a token it stole or without",
    async (type) => {
      for (const path of [...ADMIN_POSTS, "/v1/heartbeat"]) {
        const body = '{"visitors":["192.0.2.1"],"sightings":[]}';
        const plain = { "Content-Type": type, Cookie: `token=${ADMIN_TOKEN}`, Referer: `${EVIL}/` };
        const anonymous = await ask(path, { method: "POST", body, headers: plain });
        expect([401, 415]).toContain(anonymous.status);
        const headers = { ...plain, Authorization: `Bearer ${ADMIN_TOKEN}` };
        expect((await ask(path, { method: "POST", body, headers })).status).toBe(415);
        const query = await ask(`${path}?token=${ADMIN_TOKEN}`, { method: "POST", body, headers: plain });
        expect([401, 415]).toContain(query.status);
      }
    },
  );

  it("reads the public number without credentials, and nothing an admin reads", async () => {
    const count = await ask("/v1/online", { headers: { Origin: EVIL } });
    expect(count.headers.get("access-control-allow-origin")).toBe("*");
    expect(count.headers.has("access-control-allow-credentials")).toBe(false);
    const list = await ask("/v1/online/visitors", {
      headers: { Origin: EVIL, Authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect([list.status, list.headers.has("access-control-allow-origin")]).toEqual([200, false]);
    expect(list.headers.get("cross-origin-resource-policy")).toBe("same-origin");
  });

  it("is redirected nowhere else, sets no cookie and frames no page", async () => {
    for (const path of ["/", "//evil.example", "/dashboard", "/dashboard/", "/demo", "/widget.js"]) {
      const { headers } = await ask(path, { headers: { Origin: EVIL, "X-Forwarded-Host": "evil.example" } });
      expect(headers.get("location") ?? "/dashboard/").toBe("/dashboard/");
      expect(headers.has("set-cookie")).toBe(false);
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    }
  });
});

it("none of them made an error, or took more than 150 MB", async () => {
  expect(await (await ask("/user/online/", {})).json()).toMatchObject({ num: 1 });
  await seeUnhurt(api, 150);
});
