import { describe, expect, it } from "vitest";
import { checkTokens, checkTransport } from "../../src/doctor/token-checks.ts";

const [ADMIN, READ] = ["4f1c7d0a9be25c3388d6f0a1b2c3d4e5", "9a8b7c6d5e4f30212f3e4d5c6b7a8990"];

describe("the tokens of the environment", () => {
  it("are nothing to look at where there are none", () => {
    expect(checkTokens({ PRESENCE_ADMIN_TOKENS: " , " })).toEqual([]);
  });

  it("are well where each is long and of one role", () => {
    const env = { PRESENCE_ADMIN_TOKENS: `${ADMIN}, ${ADMIN}x`, PRESENCE_READ_TOKENS: READ };
    expect(checkTokens(env)).toEqual([
      { name: "tokens", state: "ok", detail: "2 admin, 1 read: each of 32 characters or more" },
    ]);
  });

  it.each([
    [
      { PRESENCE_ADMIN_TOKENS: `${ADMIN},swordfish` },
      "fail",
      "token 2 of PRESENCE_ADMIN_TOKENS has 9 characters of at least 32: the API does not start",
    ],
    [
      { PRESENCE_METRICS_TOKEN: `${ADMIN} ${READ}` },
      "fail",
      "PRESENCE_METRICS_TOKEN holds a space or a character outside ASCII: the API does not start",
    ],
    [{ PRESENCE_INGEST_TOKENS: "12".repeat(20) }, "warn", "PRESENCE_INGEST_TOKENS looks easy to guess"],
    [
      { PRESENCE_ADMIN_TOKENS: ADMIN, PRESENCE_READ_TOKENS: `${READ},${ADMIN}` },
      "warn",
      "PRESENCE_ADMIN_TOKENS and PRESENCE_READ_TOKENS share a token: whoever has the one has the other",
    ],
  ])("%#: a fault is told with its remedy, and without the token", (env, state, detail) => {
    const checks = checkTokens(env);
    expect(checks).toEqual([
      { name: "tokens", state, detail, remedy: expect.stringContaining("openssl rand -hex 32") },
    ]);
    for (const token of Object.values(env).join(",").split(",")) {
      expect(JSON.stringify(checks)).not.toContain(token);
    }
  });
});

describe("a token on its way", () => {
  it.each([
    ["http://presence.example.com", ADMIN, 1],
    ["https://presence.example.com", ADMIN, 0],
    ["http://127.0.0.1:3000", ADMIN, 0],
    ["http://[::1]:3000", ADMIN, 0],
    ["http://presence.example.com", undefined, 0],
  ])("to %s with %s is warned of %i times", (url, token, times) => {
    expect(checkTransport(url, token)).toHaveLength(times);
  });
});
