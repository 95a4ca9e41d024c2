import { describe, expect, it } from "vitest";
import { manualClock } from "@presence/core/testing";
import { createAccess, type AccessOptions, type Role } from "../../src/http/access.ts";
import { ProblemError } from "../../src/http/problem.ts";

const TOKENS = { admin: ["admin-1", "admin-2"], ingest: ["ingest"], read: ["read"], metrics: ["metrics"] };
const NONE = { admin: [], ingest: [], read: [], metrics: [] };
const CLIENT = "203.0.113.1";

function accessOf(options: Partial<AccessOptions> = {}) {
  return createAccess({ tokens: TOKENS, publicParts: ["count"], nowMs: () => 0, ...options });
}

/** What came of it: `null` where the bearer may pass. */
function admit(
  access: ReturnType<typeof createAccess>,
  roles: readonly Role[],
  authorization: string | undefined,
  client = CLIENT,
) {
  try {
    access.admit(roles, authorization, client);
    return null;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { problem, headers } = error;
    return { code: problem.code, message: problem.detail, headers };
  }
}

describe("access by token", () => {
  it("opens the parts that are public, and no other", () => {
    expect(accessOf().isOpen("count")).toBe(true);
    expect(accessOf().isOpen("history")).toBe(false);
  });

  it.each<readonly [string, Role, boolean]>([
    ["admin-1", "read", true],
    ["admin-2", "metrics", true],
    ["admin-2", "admin", true],
    ["ingest", "ingest", true],
    ["ingest", "read", false],
    ["ingest", "admin", false],
    ["read", "read", true],
    ["read", "ingest", false],
    ["metrics", "metrics", true],
    ["metrics", "read", false],
  ])("of %s to what is for %s: %s", (token, role, passes) => {
    const outcome = admit(accessOf(), [role], `Bearer ${token}`);
    expect(outcome?.code ?? null).toBe(passes ? null : "PRESENCE_FORBIDDEN");
  });

  it("takes one of several roles", () => {
    expect(admit(accessOf(), ["read", "ingest"], "Bearer ingest")).toBeNull();
    expect(admit(accessOf(), ["read", "ingest"], "Bearer metrics")?.message).toBe(
      "That takes a token of PRESENCE_ADMIN_TOKENS or PRESENCE_READ_TOKENS or PRESENCE_INGEST_TOKENS.",
    );
    // An admin is named once, though the role is asked for.
    expect(admit(accessOf(), ["admin"], "Bearer metrics")?.message).toBe(
      "That takes a token of PRESENCE_ADMIN_TOKENS.",
    );
  });

  it.each(["bearer read", "BEARER   read", "Bearer read  "])("reads %j", (authorization) => {
    expect(admit(accessOf(), ["read"], authorization)).toBeNull();
  });

  it.each([
    undefined,
    "",
    "Bearer",
    "Bearer ",
    "Basic read",
    "xBearer read",
    "Bearerread",
    "Bearer re ad",
    "Bearer réad",
  ])("finds no token in %j", (authorization) => {
    expect(admit(accessOf(), ["read"], authorization)).toMatchObject({
      code: "PRESENCE_UNAUTHORIZED",
      message: "Send a token: Authorization: Bearer <token>.",
      headers: { "WWW-Authenticate": "Bearer" },
    });
  });

  it.each(["reader", "rea", "READ", "read\u0021"])("knows no token %j", (token) => {
    expect(admit(accessOf(), ["read"], `Bearer ${token}`)).toMatchObject({
      code: "PRESENCE_UNAUTHORIZED",
      message: "That token is not one of this server's.",
      headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
    });
  });

  it("says which variables to set where no token would do", () => {
    const outcome = admit(
      accessOf({ tokens: { ...NONE, read: ["read"] } }),
      ["ingest", "metrics"],
      "Bearer read",
    );
    expect(outcome?.code).toBe("PRESENCE_NO_TOKENS_CONFIGURED");
    expect(outcome?.message).toContain("PRESENCE_INGEST_TOKENS or PRESENCE_METRICS_TOKEN set to a secret");
    // One admin token is enough for everything.
    expect(admit(accessOf({ tokens: { ...NONE, admin: ["a"] } }), ["ingest"], "Bearer a")).toBeNull();
  });
});

describe("guesses of tokens", () => {
  const guess = (access: ReturnType<typeof createAccess>, client = CLIENT) =>
    admit(access, ["read"], "Bearer guess", client);

  it("are counted for a minute from the first, and then anew", () => {
    const clock = manualClock();
    const access = accessOf({ nowMs: clock.monotonicMs, maxFailures: 2 });
    expect(guess(access)?.code).toBe("PRESENCE_UNAUTHORIZED");
    clock.advance(1_500);
    expect(guess(access)?.code).toBe("PRESENCE_UNAUTHORIZED");
    expect(guess(access)).toMatchObject({
      code: "PRESENCE_TOO_MANY_REQUESTS",
      message: "Too many wrong tokens came from your address.",
      headers: { "Retry-After": "59" },
    });
    clock.advance(58_499);
    expect(guess(access)?.headers).toEqual({ "Retry-After": "1" });
    clock.advance(1);
    expect(guess(access)?.code).toBe("PRESENCE_UNAUTHORIZED");
    clock.advance(59_999);
    expect(guess(access)?.code).toBe("PRESENCE_UNAUTHORIZED");
    expect(guess(access)?.headers).toEqual({ "Retry-After": "1" });
  });

  it("are ten where nothing else is said", () => {
    const access = accessOf();
    const codes = Array.from({ length: 11 }, () => guess(access)?.code);
    expect(codes.slice(0, 10)).not.toContain("PRESENCE_TOO_MANY_REQUESTS");
    expect(codes.at(-1)).toBe("PRESENCE_TOO_MANY_REQUESTS");
  });

  it("hold up no right token, and do not count a token that is for something else", () => {
    const access = accessOf({ maxFailures: 1 });
    for (let tries = 0; tries < 5; tries += 1) guess(access);
    expect(admit(access, ["read"], "Bearer read")).toBeNull();
    for (let tries = 0; tries < 5; tries += 1) admit(access, ["ingest"], "Bearer read", "203.0.113.2");
    expect(guess(access, "203.0.113.2")?.code).toBe("PRESENCE_UNAUTHORIZED");
  });

  it("are remembered of ten thousand clients, those that came first forgotten first", () => {
    const access = accessOf({ maxFailures: 1 });
    for (let client = 0; client < 10_000; client += 1) guess(access, `client-${client}`);
    expect(guess(access, "client-0")?.code).toBe("PRESENCE_TOO_MANY_REQUESTS");
    guess(access, "one more");
    expect(guess(access, "client-0")?.code).toBe("PRESENCE_UNAUTHORIZED");
    expect(guess(access, "client-9999")?.code).toBe("PRESENCE_TOO_MANY_REQUESTS");
  });

  it("of a client who begins anew after a minute make it one that came last", () => {
    const clock = manualClock();
    const access = accessOf({ nowMs: clock.monotonicMs, maxFailures: 1 });
    guess(access, "again");
    guess(access, "once");
    clock.advance(60_000);
    guess(access, "again");
    for (let client = 0; client < 9_999; client += 1) guess(access, `client-${client}`);
    expect(guess(access, "again")?.code).toBe("PRESENCE_TOO_MANY_REQUESTS");
  });
});
