import { describe, expect, it } from "vitest";
import {
  ConfigError,
  KNOWN_VARIABLE_NAMES,
  checkSharedVariables,
  loadVariables,
  port,
  secretVariable,
  sharedVariables,
  tokenProblem,
  list,
  variable,
  type Environment,
  type LoadedVariables,
} from "@presence/service-kit";

const variables = {
  ...sharedVariables,
  PORT: variable("3000", port(3000)),
  PRESENCE_ADMIN_TOKENS: secretVariable("<32 characters>", list([], tokenProblem)),
};

function load(env: Environment): LoadedVariables<typeof variables> {
  return loadVariables(env, { variables, alsoKnown: KNOWN_VARIABLE_NAMES, check: checkSharedVariables });
}

function problemsOf(env: Environment): Readonly<Record<string, string>> {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) {
      return Object.fromEntries(error.problems.map((problem) => [problem.variable, problem.reason]));
    }
    throw error;
  }
  return {};
}

describe("loadVariables", () => {
  it("gives every default where the environment is empty", () => {
    const { values, warnings } = load({});
    expect(values).toMatchObject({
      HOST: "127.0.0.1",
      PORT: 3000,
      LOG_LEVEL: "info",
      REDIS_URL: null,
      MONGODB_URL: null,
      PRESENCE_KEY: "onlines",
      PRESENCE_SHARDS: 1,
      PRESENCE_WINDOW_SECONDS: 60,
      PRESENCE_KEY_TTL_SECONDS: null,
      PRESENCE_IPV6_PREFIX: 64,
      PRESENCE_IDENTITY: "ip",
      PRESENCE_CHANNELS: ["site"],
      PRESENCE_TIME_ZONE: "UTC",
      PRESENCE_ADMIN_TOKENS: [],
    });
    expect(warnings).toEqual([]);
  });

  it("takes an empty variable for an unset one, as compose files write them", () => {
    expect(load({ PORT: "", REDIS_URL: "  " }).values).toMatchObject({ PORT: 3000, REDIS_URL: null });
  });

  it("names every wrong variable at once, each with its reason and an example", () => {
    const load3 = (): unknown =>
      load({ PORT: "http", PRESENCE_WINDOW_SECONDS: "0", PRESENCE_TIME_ZONE: "Mars/Olympus" });
    expect(load3).toThrow(ConfigError);
    expect(load3).toThrow(
      [
        "The configuration has 3 problems:",
        '  PRESENCE_WINDOW_SECONDS is "0", but must be a whole number from 1 to 86400. Example: PRESENCE_WINDOW_SECONDS=60',
        '  PRESENCE_TIME_ZONE is "Mars/Olympus", but must be a time zone that this Node knows. Example: PRESENCE_TIME_ZONE=Europe/Berlin',
        '  PORT is "http", but must be a whole number from 0 to 65535. Example: PORT=3000',
      ].join("\n"),
    );
  });

  it.each([
    ["PRESENCE_WINDOW_SECONDS", "86401"],
    ["PRESENCE_WINDOW_SECONDS", "1.5"],
    ["PRESENCE_WINDOW_SECONDS", "-1"],
    ["PRESENCE_SHARDS", "0"],
    ["PRESENCE_IPV6_PREFIX", "129"],
    ["PRESENCE_IDENTITY", "name"],
    ["PRESENCE_KEY", "with space"],
    ["PRESENCE_CHANNELS", "site,Page"],
    ["PRESENCE_CHANNELS", "bots:site"],
    ["PRESENCE_HISTORY_CHANNELS", "page:*"],
    ["LOG_LEVEL", "loud"],
    ["PORT", "65536"],
    ["MONGODB_URL", "mongo://x"],
  ])("refuses %s=%s", (name, value) => {
    expect(Object.keys(problemsOf({ REDIS_URL: "redis://localhost", [name]: value }))).toEqual([name]);
  });

  it("takes the first and last value of a range", () => {
    expect(load({ PRESENCE_WINDOW_SECONDS: "1" }).values.PRESENCE_WINDOW_SECONDS).toBe(1);
    expect(load({ PRESENCE_WINDOW_SECONDS: "86400" }).values.PRESENCE_WINDOW_SECONDS).toBe(86_400);
  });

  it("keeps tokens and URLs out of its messages", () => {
    const problems = problemsOf({ PRESENCE_ADMIN_TOKENS: "short-secret", REDIS_URL: "redis//:hunter2@host" });
    expect(Object.keys(problems)).toEqual(["REDIS_URL", "PRESENCE_ADMIN_TOKENS"]);
    expect(JSON.stringify(problems)).not.toMatch(/short-secret|hunter2/);
    expect(problems["PRESENCE_ADMIN_TOKENS"]).toContain("at least 32 characters (one has 12)");
  });

  it("wants Redis where MongoDB is", () => {
    expect(Object.keys(problemsOf({ MONGODB_URL: "mongodb://localhost/presence" }))).toEqual(["REDIS_URL"]);
  });

  it("wants keys to live at least ten seconds longer than the window", () => {
    expect(problemsOf({ PRESENCE_KEY_TTL_SECONDS: "70" })).toEqual({});
    expect(problemsOf({ PRESENCE_KEY_TTL_SECONDS: "69" })["PRESENCE_KEY_TTL_SECONDS"]).toContain(
      "at least the window and 10 s: 70",
    );
  });

  it("warns of an unknown PRESENCE_ variable and names the nearest one", () => {
    expect(load({ PRESENCE_WINDOW_SECOND: "30", PRESENCE_TOKEN: "x", OTHER: "y" }).warnings).toEqual([
      "PRESENCE_WINDOW_SECOND is not a variable of Presence; the nearest one is PRESENCE_WINDOW_SECONDS",
    ]);
  });

  it("freezes what it answers", () => {
    expect(Object.isFrozen(load({}).values)).toBe(true);
  });
});
