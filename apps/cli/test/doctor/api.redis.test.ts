import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { freePort, startFaultProxy, startRedis } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { startApi } from "../support/api.ts";
import { cli } from "../support/cli.ts";
import { startContractServer } from "../support/contract-server.ts";
import { doctor } from "../support/doctor.ts";
import { startPreparedRedis } from "../support/prepared-redis.ts";

const TOKEN = "admin-token-of-at-least-32-characters";

describe("doctor, on an API", () => {
  it("finds nothing wrong with one that has just begun, and says that its numbers are young", async () => {
    await using api = await startApi();
    const found = await doctor({ PRESENCE_URL: api.url, PRESENCE_DATA_DIR: api.dataDir });
    expect(found).toMatchObject({ code: 0, failed: 0 });
    expect(found.of("api")).toMatchObject([
      {
        state: "ok",
        detail: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ answers in .* ms, .*, embedded, up /),
      },
    ]);
    expect(found.of("store")).toMatchObject([{ state: "ok" }]);
    expect(found.of("prune")).toMatchObject([{ state: "ok" }]);
    expect(found.of("token-file")).toMatchObject([{ state: "ok" }]);
    expect(found.skipped.map(({ what }) => what)).toEqual(["Redis", "MongoDB", "tokens"]);
  });

  it("finds one that is not there", async () => {
    const found = await doctor({ PRESENCE_URL: `http://127.0.0.1:${await freePort()}` });
    expect(found).toMatchObject({ code: 1, faults: ["api"] });
    expect(found.of("api")[0]?.remedy).toContain("PRESENCE_URL");
  });

  it("needs none that nobody named where there is a Redis to look at", async () => {
    const redis = await startPreparedRedis();
    const found = await doctor(redis.env);
    expect(found.code).toBe(0);
    expect(found.of("api")).toEqual([]);
    expect(found.skipped).toContainEqual({ what: "the API", how: "--url or PRESENCE_URL" });
  });

  it("tells what the API has found by itself, each with its remedy", async () => {
    await using api = await startApi({ PRESENCE_TRUSTED_PROXIES: "" });
    await api.visit(...Array.from({ length: 30 }, (_, index) => `203.0.113.${index}`));
    const found = await doctor({ PRESENCE_URL: api.url, PRESENCE_DATA_DIR: api.dataDir });
    expect(found.code).toBe(1);
    expect(found.of("proxy-not-trusted")).toEqual([
      {
        name: "proxy-not-trusted",
        state: "fail",
        detail:
          "A proxy hides all visitors behind its own address. All 30 requests came from 127.0.0.1, which sends X-Forwarded-For.",
        remedy: "Add 127.0.0.1/32 to PRESENCE_TRUSTED_PROXIES.",
      },
    ]);
  });

  it("finds that the API has lost its store", async () => {
    await using redis = await startRedis();
    await using proxy = await startFaultProxy({ targetPort: redis.port });
    await using api = await startApi({ REDIS_URL: proxy.url(), PRESENCE_ADMIN_TOKENS: TOKEN });
    await proxy.mode("refuse");
    const look = () => doctor({ PRESENCE_URL: api.url, PRESENCE_TOKEN: TOKEN });
    await expect.poll(async () => (await look()).of("store")[0]?.state, { timeout: 20_000 }).toBe("fail");
    const found = await look();
    expect(found.code).toBe(1);
    expect(found.of("store")[0]?.remedy).toContain("REDIS_URL");
    expect(found.of("store-unreachable")).toMatchObject([{ state: "fail" }]);
  });

  it("finds that the API counts somewhere else", async () => {
    const redis = await startPreparedRedis();
    await using api = await startApi({
      REDIS_URL: redis.url,
      PRESENCE_KEY: "elsewhere",
      PRESENCE_ADMIN_TOKENS: TOKEN,
    });
    const env = { ...redis.env, PRESENCE_URL: api.url, PRESENCE_TOKEN: TOKEN };
    await expect
      .poll(async () => (await doctor(env)).of("other-store"), { timeout: 20_000 })
      .toMatchObject([{ state: "warn", remedy: expect.stringContaining("PRESENCE_KEY") }]);
  });

  it("tells what is wrong with the Redis once, though the API has found it too", async () => {
    const redis = await startPreparedRedis({ config: { "maxmemory-policy": "allkeys-lru" } });
    await using api = await startApi({
      REDIS_URL: redis.url,
      PRESENCE_WINDOW_SECONDS: "1",
      PRESENCE_ADMIN_TOKENS: TOKEN,
    });
    const env = { ...redis.env, PRESENCE_URL: api.url, PRESENCE_TOKEN: TOKEN };
    const found = await doctor(env);
    expect(found.faults).toEqual(["policy"]);
    const ofApi = await doctor({ PRESENCE_URL: api.url, PRESENCE_TOKEN: TOKEN });
    expect(ofApi.faults).toContain("eviction-policy");
  });

  it("warns where its token opens nothing, and says which would", async () => {
    await using api = await startApi({ PRESENCE_ADMIN_TOKENS: TOKEN });
    const found = await doctor({
      PRESENCE_URL: api.url,
      PRESENCE_TOKEN: "wrong-token-of-at-least-32-characters",
    });
    expect(found).toMatchObject({ code: 0, faults: ["findings"] });
    expect(found.of("findings")[0]?.remedy).toBe(
      "give one of PRESENCE_ADMIN_TOKENS with --token or PRESENCE_TOKEN",
    );
    expect(JSON.stringify(found)).not.toContain("wrong-token");
  });

  it("warns of one that shuts down", async () => {
    const { url } = await startContractServer({ getReady: { body: { status: "draining", store: "ok" } } });
    expect((await doctor({ PRESENCE_URL: url })).of("api")).toMatchObject([
      { state: "warn", detail: expect.stringContaining("it is shutting down") },
    ]);
  });

  it("finds an admin token that others on this machine can read", async () => {
    await using api = await startApi();
    await chmod(join(api.dataDir, "admin-token"), 0o644);
    const found = await doctor({ PRESENCE_URL: api.url, PRESENCE_DATA_DIR: api.dataDir });
    expect(found.code).toBe(1);
    expect(found.of("token-file")).toMatchObject([
      { state: "fail", remedy: expect.stringMatching(/^chmod 600 /) },
    ]);
  });

  it("shows nothing that a finding could do to a terminal", async () => {
    const { getDiagnostics } = (await import("@presence/api-contract")).diagnosticRoutes;
    const example = getDiagnostics.answers[200].example;
    const findings = example.findings.map((finding) => ({ ...finding, detail: "\u001b[2Jgone" }));
    const { url } = await startContractServer({ getDiagnostics: { body: { ...example, findings } } });
    const { stdout } = await cli(["doctor", "--url", url], { isTerminal: true });
    expect(stdout).toContain("\\x1b[2Jgone");
    expect(stdout).not.toContain("\u001b[2J");
  });
});
