import { describe, expect, it } from "vitest";
import { loadApiConfig } from "../src/config.ts";

describe("loadApiConfig", () => {
  it("makes an embedded server for this machine of an empty environment", () => {
    expect(loadApiConfig({})).toEqual({
      host: "127.0.0.1",
      port: 3_000,
      logLevel: "info",
      redisUrl: null,
      mongodbUrl: null,
      dataDir: "./data",
      key: "onlines",
      shards: 1,
      windowSeconds: 60,
      keyTtlSeconds: 180,
      flushMs: 100,
      bufferVisitors: 100_000,
      runsJobs: true,
      trustedProxies: [],
      clientHeader: "x-forwarded-for",
      ipv6Prefix: 64,
      identity: "ip",
      bots: "include",
      ignore: [],
      channels: ["site"],
      channelsMax: 10_000,
      historyChannels: ["site"],
      timeZone: "UTC",
      tokens: { admin: [], ingest: [], read: [], metrics: [] },
      metricsPort: null,
      publicParts: ["count"],
      publicUrl: null,
      corsOrigins: [],
      streamsMax: 10_000,
      streamsPerClient: 5,
      warnings: [],
    });
  });

  it("leaves the jobs to the scheduler where MongoDB is, unless it is told otherwise", () => {
    const env = { REDIS_URL: "redis://localhost", MONGODB_URL: "mongodb://localhost/presence" };
    expect(loadApiConfig(env).runsJobs).toBe(false);
    expect(loadApiConfig({ ...env, PRESENCE_JOBS: "in-process" }).runsJobs).toBe(true);
    expect(loadApiConfig({ PRESENCE_JOBS: "off" }).runsJobs).toBe(false);
  });

  it("writes origins as browsers do", () => {
    const { publicUrl, corsOrigins } = loadApiConfig({
      PRESENCE_PUBLIC_URL: "https://presence.example/",
      PRESENCE_CORS_ORIGINS: "https://a.example:443, http://b.example:8080/",
    });
    expect([publicUrl, ...corsOrigins]).toEqual([
      "https://presence.example",
      "https://a.example",
      "http://b.example:8080",
    ]);
  });

  it.each([
    ["PRESENCE_TRUSTED_PROXIES", "10.0.0.0/33"],
    ["PRESENCE_TRUSTED_PROXIES", "everyone"],
    ["PRESENCE_TRUSTED_PROXIES", "0.0.0.0/0"],
    ["PRESENCE_CLIENT_HEADER", "two words"],
    ["PRESENCE_IGNORE", "10.0.0.0/33"],
    ["PRESENCE_ADMIN_TOKENS", "short"],
    ["PRESENCE_METRICS_TOKEN", "short"],
    ["PRESENCE_METRICS_PORT", "3000"],
    ["PRESENCE_METRICS_PORT", "99999"],
    ["PRESENCE_TIME_ZONE", "Mars/Olympus"],
    ["PRESENCE_HISTORY_CHANNELS", "page:*"],
    ["PRESENCE_PUBLIC", "everything"],
    ["PRESENCE_PUBLIC", "none,count"],
    ["PRESENCE_PUBLIC_URL", "presence.example"],
    ["PRESENCE_CORS_ORIGINS", "*"],
    ["PRESENCE_JOBS", "sometimes"],
    ["PRESENCE_BOTS", "hide"],
    ["PRESENCE_FLUSH_MS", "0"],
    ["PORT", "-1"],
    ["REDIS_URL", "localhost:6379"],
    ["MONGODB_URL", "mongodb://localhost"],
  ])("refuses %s=%s", (name, value) => {
    expect(() => loadApiConfig({ [name]: value })).toThrow(
      name === "MONGODB_URL" ? "REDIS_URL must be set" : `  ${name} `,
    );
  });
});
