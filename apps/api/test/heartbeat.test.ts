import { describe, expect, it } from "vitest";
import { onlineRoutes } from "@presence/api-contract";
import { manualClock } from "@presence/core/testing";
import { answerOf, problemOf, startTestApi, type TestApi } from "./support/api.ts";

const contract = onlineRoutes.heartbeat;

function beat(
  api: TestApi,
  from: string,
  body: unknown = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return api.post("/v1/heartbeat", body, { "X-Forwarded-For": from, ...headers });
}

describe("POST /v1/heartbeat", () => {
  it("records the caller and answers a count that has them in it", async () => {
    const api = await startTestApi();
    expect(await answerOf(await beat(api, "203.0.113.1"), contract)).toMatchObject({
      channel: "site",
      count: 1,
    });
  });

  it("counts its caller though others read the count a moment ago", async () => {
    const api = await startTestApi();
    for (let client = 1; client <= 20; client++) {
      const [, answer] = await Promise.all([api.get("/v1/online"), beat(api, `203.0.113.${client}`)]);
      expect((await answerOf(answer, contract)).count).toBe(client);
    }
  });

  it("records in the channel it names, if that is allowed", async () => {
    const api = await startTestApi({ env: { PRESENCE_CHANNELS: "site,page:*" } });
    expect(await answerOf(await beat(api, "203.0.113.1", { channel: "page:/a" }), contract)).toMatchObject({
      channel: "page:/a",
      count: 1,
    });
    expect(await api.num()).toBe(0);
    const refused = await problemOf(await beat(api, "203.0.113.1", { channel: "other" }), contract);
    expect(refused).toMatchObject({ status: 403, code: "PRESENCE_CHANNEL_NOT_ALLOWED" });
    const bots = await problemOf(await beat(api, "203.0.113.1", { channel: "bots:site" }), contract);
    expect(bots.code).toBe("PRESENCE_CHANNEL_NOT_ALLOWED");
  });

  it("refuses a channel beyond PRESENCE_CHANNELS_MAX rather than saying it counted", async () => {
    const api = await startTestApi({ env: { PRESENCE_CHANNELS: "page:*", PRESENCE_CHANNELS_MAX: "2" } });
    expect((await beat(api, "203.0.113.1", { channel: "page:1" })).status).toBe(200);
    expect((await beat(api, "203.0.113.1", { channel: "page:2" })).status).toBe(200);
    const third = await problemOf(await beat(api, "203.0.113.1", { channel: "page:3" }), contract);
    expect(third).toMatchObject({ status: 429, code: "PRESENCE_TOO_MANY_CHANNELS" });
  });

  it("takes one a second per client and channel", async () => {
    const clock = manualClock();
    const api = await startTestApi({ clock, env: { PRESENCE_CHANNELS: "site,page:*" } });
    expect((await beat(api, "203.0.113.1")).status).toBe(200);
    clock.advance(999);
    const early = await beat(api, "203.0.113.1");
    expect(early.headers.get("retry-after")).toBe("1");
    expect(await problemOf(early, contract)).toMatchObject({
      status: 429,
      code: "PRESENCE_TOO_MANY_REQUESTS",
    });
    expect((await beat(api, "203.0.113.1", { channel: "page:x" })).status).toBe(200);
    expect((await beat(api, "203.0.113.2")).status).toBe(200);
    clock.advance(1);
    expect((await beat(api, "203.0.113.1")).status).toBe(200);
  });
});

describe("pages of other sites", () => {
  const env = {
    PRESENCE_CORS_ORIGINS: "https://shop.example",
    PRESENCE_PUBLIC_URL: "https://presence.example",
  };

  it.each(["https://shop.example", "https://presence.example"])(
    "lets %s count and read the answer",
    async (origin) => {
      const api = await startTestApi({ env });
      const answer = await beat(api, "203.0.113.1", {}, { Origin: origin });
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
      expect(answer.headers.get("vary")).toBe("Origin");
      await answerOf(answer, contract);
    },
  );

  it("lets its own pages count, by whatever name the server is reached", async () => {
    const api = await startTestApi();
    expect((await beat(api, "203.0.113.1", {}, { Origin: api.url })).status).toBe(200);
  });

  it.each([
    "https://evil.example",
    "http://shop.example",
    "https://shop.example.evil.example",
    "null",
    "x",
    "*",
  ])("refuses %s, says which variable to set, and records nobody", async (origin) => {
    const api = await startTestApi({ env });
    const answer = await beat(api, "203.0.113.1", {}, { Origin: origin });
    const problem = await problemOf(answer, contract);
    expect(problem).toMatchObject({ status: 403, code: "PRESENCE_ORIGIN_NOT_ALLOWED" });
    expect(problem.detail).toContain("PRESENCE_CORS_ORIGINS");
    // The page may read the refusal, so that its console can say what to do.
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(await api.num()).toBe(0);
  });

  it("answers the preflight of a listed origin, and refuses that of another", async () => {
    const api = await startTestApi({ env });
    const preflight = (origin: string): Promise<Response> =>
      api.get("/v1/heartbeat", {
        method: "OPTIONS",
        headers: {
          Origin: origin,
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "content-type",
        },
      });
    const listed = await preflight("https://shop.example");
    expect(listed.status).toBe(204);
    expect(listed.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(listed.headers.get("access-control-allow-headers")).toBe("Content-Type");
    expect(listed.headers.has("access-control-allow-credentials")).toBe(false);
    expect((await preflight("https://evil.example")).status).toBe(403);
  });

  it("takes no form of another site: application/json only", async () => {
    const api = await startTestApi();
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "application/jsonx",
      "",
    ]) {
      const answer = await api.get("/v1/heartbeat", {
        method: "POST",
        body: "{}",
        headers: { "Content-Type": type },
      });
      expect(await problemOf(answer, contract)).toMatchObject({
        status: 415,
        code: "PRESENCE_UNSUPPORTED_MEDIA_TYPE",
      });
    }
    expect(await api.num()).toBe(0);
  });
});
