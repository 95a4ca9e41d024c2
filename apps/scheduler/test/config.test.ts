import { ConfigError } from "@presence/service-kit";
import { describe, expect, it } from "vitest";
import { loadSchedulerConfig } from "../src/config.ts";

const NEEDED = {
  REDIS_URL: "redis://127.0.0.1:6379/0",
  MONGODB_URL: "mongodb://127.0.0.1:27017/presence",
};

describe("loadSchedulerConfig", () => {
  it("needs nothing but the two servers", () => {
    expect(loadSchedulerConfig(NEEDED)).toEqual({
      host: "127.0.0.1",
      port: 3_001,
      logLevel: "info",
      redisUrl: NEEDED.REDIS_URL,
      mongodbUrl: NEEDED.MONGODB_URL,
      key: "onlines",
      shards: 1,
      windowSeconds: 60,
      keyTtlSeconds: 180,
      channelsMax: 10_000,
      historyChannels: ["site"],
      timeZone: "UTC",
      keepsAddresses: true,
      warnings: [],
    });
  });

  it.each([
    [{}, ["MONGODB_URL", "REDIS_URL"]],
    [{ MONGODB_URL: NEEDED.MONGODB_URL }, ["REDIS_URL"]],
    [{ REDIS_URL: NEEDED.REDIS_URL }, ["MONGODB_URL"]],
    [{ ...NEEDED, PORT: "99999", PRESENCE_SHARDS: "none" }, ["PORT", "PRESENCE_SHARDS"]],
  ])("names each problem of %j once", (env, variables) => {
    expect(problemsOf(env)).toEqual(variables);
  });

  it("warns of a variable nobody reads, and not of one meant for the API", () => {
    const { warnings } = loadSchedulerConfig({
      ...NEEDED,
      PRESENCE_WINDOW_SECOND: "30",
      PRESENCE_TRUSTED_PROXIES: "loopback",
    });
    expect(warnings).toEqual([expect.stringContaining("PRESENCE_WINDOW_SECONDS")]);
  });
});

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadSchedulerConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable }) => variable).toSorted();
  }
}
