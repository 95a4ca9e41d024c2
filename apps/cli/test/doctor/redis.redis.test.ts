import { Buffer } from "node:buffer";
import { createServer, connect } from "node:net";
import { join } from "node:path";
import { Transform } from "node:stream";
import { startFaultProxy, startProcess, startRedis } from "@presence/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { cli } from "../support/cli.ts";
import { doctor } from "../support/doctor.ts";
import { startPreparedRedis } from "../support/prepared-redis.ts";

/** A wrong word of the server's answers: another of the same length in its place. */
async function startRewriter(port: number, from: string, to: string): Promise<string> {
  const server = createServer((client) => {
    const target = connect(port, "127.0.0.1");
    for (const socket of [client, target]) socket.on("error", () => socket.destroy());
    client.pipe(target);
    target
      .pipe(
        new Transform({
          transform(chunk: Buffer, _encoding, done) {
            done(null, Buffer.from(chunk.toString("latin1").replaceAll(from, to), "latin1"));
          },
        }),
      )
      .pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `redis://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

describe("doctor, on a healthy Redis", () => {
  it("finds nothing", async () => {
    const redis = await startPreparedRedis();
    const found = await doctor(redis.env);
    expect(found.faults).toEqual([]);
    expect(found).toMatchObject({ code: 0, failed: 0, warnings: 0 });
    expect(found.checks.map(({ name }) => name)).toEqual([
      ...["redis", "version", "role", "policy", "memory", "clock", "key", "future", "expired"],
      ...["recording", "writers", "prune", "sample"],
    ]);
  });
});

describe("doctor, on a Redis with a fault", () => {
  it("finds one that is not there", async () => {
    const found = await doctor({ REDIS_URL: "redis://user:hunter2@127.0.0.1:9" });
    expect(found).toMatchObject({ code: 1, failed: 1 });
    expect(found.of("redis")).toEqual([
      {
        name: "redis",
        state: "fail",
        detail: expect.stringMatching(/^the store cannot be reached: .*ECONNREFUSED/),
        remedy:
          "is REDIS_URL right, does Redis run, does a firewall let this machine in? redis-cli -u <REDIS_URL> PING",
      },
    ]);
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });

  it("finds a password that is missing or wrong", async () => {
    await using redis = await startRedis({ config: { requirepass: "swordfish" } });
    for (const url of [redis.url, redis.url.replace("://", "://:hunter2@")]) {
      const found = await doctor({ REDIS_URL: url });
      expect(found).toMatchObject({ code: 1, faults: ["redis"] });
      expect(found.of("redis")[0]?.detail).toMatch(/NOAUTH|WRONGPASS/);
      expect(found.of("redis")[0]?.remedy).toMatch(/^REDIS_URL=redis:\/\/user:password@host/);
    }
  });

  it("finds a version that is too old", async () => {
    const redis = await startPreparedRedis();
    const version = /redis_version:(\S+)/.exec(await redis.client().info("server"))?.[1] ?? "";
    const old = `6.0.${"1".repeat(version.length - "6.0.".length)}`;
    const url = await startRewriter(redis.port, `redis_version:${version}`, `redis_version:${old}`);
    const found = await doctor({ ...redis.env, REDIS_URL: url });
    expect(found).toMatchObject({ code: 1, faults: ["version"] });
    expect(found.of("version")).toEqual([
      {
        name: "version",
        state: "fail",
        detail: `${old} is older than 6.2`,
        remedy: "install Redis 6.2 or later, or Valkey",
      },
    ]);
  });

  it("finds a replica, which takes no sightings", async () => {
    const master = await startPreparedRedis();
    await using replica = await startRedis({ args: ["--replicaof", "127.0.0.1", String(master.port)] });
    const client = replica.client();
    await expect.poll(() => client.exists("onlines:meta:state"), { timeout: 20_000 }).toBe(1);
    const found = await doctor({ ...master.env, REDIS_URL: replica.url });
    expect(found.code).toBe(1);
    expect(found.of("role")).toMatchObject([
      { state: "fail", remedy: expect.stringContaining("redis+sentinel://") },
    ]);
  });

  it("warns of a policy that lets visitors be evicted", async () => {
    const redis = await startPreparedRedis({ config: { "maxmemory-policy": "allkeys-lru" } });
    const found = await doctor(redis.env);
    expect(found).toMatchObject({ code: 0, faults: ["policy"] });
    expect(found.of("policy")).toMatchObject([
      { state: "warn", remedy: expect.stringContaining("CONFIG SET maxmemory-policy noeviction") },
    ]);
  });

  it("finds that the memory is full", async () => {
    const redis = await startPreparedRedis();
    await redis.client().config("SET", "maxmemory", "500kb");
    const found = await doctor(redis.env);
    expect(found).toMatchObject({ code: 1, faults: ["memory"] });
    expect(found.of("memory")[0]?.detail).toMatch(/^\d\.\d MB of 0\.5 MB used: sightings are refused$/);
  });

  it("finds that another program uses the key for something else", async () => {
    const redis = await startPreparedRedis();
    await redis.client().del("onlines");
    await redis.client().set("onlines", "12");
    const found = await doctor(redis.env);
    expect(found).toMatchObject({ code: 1, faults: ["key"] });
    expect(found.of("key")).toMatchObject([
      {
        detail: expect.stringContaining("onlines is a string"),
        remedy: expect.stringContaining("PRESENCE_KEY"),
      },
    ]);
  });

  it("warns of a key without an end, which belongs to somebody else too", async () => {
    const redis = await startPreparedRedis();
    await redis.client().persist("onlines");
    const found = await doctor(redis.env);
    expect(found).toMatchObject({ code: 0, faults: ["key"] });
    expect(found.of("key")).toMatchObject([
      {
        state: "warn",
        detail: expect.stringContaining("belongs to somebody else too"),
        remedy: expect.stringContaining("redis-cli EXPIRE onlines"),
      },
    ]);
  });

  it("finds visitors with a time in the future", async () => {
    const redis = await startPreparedRedis();
    await redis.client().zadd("onlines", Date.now(), "milliseconds", Date.now() / 1_000 + 60, "wrong-clock");
    const found = await doctor(redis.env);
    expect(found).toMatchObject({ code: 1, faults: ["future"] });
    expect(found.of("future")).toEqual([
      {
        name: "future",
        state: "fail",
        detail: "2 visitors with a time in the future: they are not counted",
        remedy:
          "a writer sends milliseconds in place of seconds, or its clock is wrong: mend it, then presence-cli prune",
      },
    ]);
  });

  it("finds expired visitors whom prunes left behind", async () => {
    const redis = await startPreparedRedis();
    await redis.seen({ long: 3_600, ago: 600, justNow: 90 });
    const found = await doctor(redis.env);
    expect(found).toMatchObject({ code: 1, faults: ["expired"] });
    expect(found.of("expired")).toMatchObject([
      {
        detail: "2 expired visitors left behind by the prunes of three minutes",
        remedy: expect.stringContaining("presence-cli prune --channel site"),
      },
    ]);
  });

  it("finds that nobody prunes, and how many wait", async () => {
    const redis = await startPreparedRedis();
    await redis.ran("prune", 840);
    await redis.seen({ gone: 100 });
    const found = await doctor(redis.env);
    expect(found).toMatchObject({ code: 1, faults: ["prune"] });
    expect(found.of("prune")[0]?.detail).toMatch(
      /^last success 14 min ago, [12] expired visitors? waiting: who left stays in Redis$/,
    );
    expect(found.of("prune")[0]?.remedy).toContain("PRESENCE_JOBS=in-process");
  });

  it("finds that prunes fail, and why", async () => {
    const redis = await startPreparedRedis();
    await redis.ran("prune", 400);
    await redis.ran("prune", 10, { ok: false, result: "1 of 1 channels could not be pruned: site" });
    expect((await doctor(redis.env)).of("prune")).toMatchObject([
      { state: "fail", detail: expect.stringContaining("could not be pruned: site") },
    ]);
    await redis.ran("prune", 90);
    await redis.ran("prune", 10, { ok: false, result: "a passing trouble" });
    expect(await doctor(redis.env)).toMatchObject({ code: 0, faults: ["prune"] });
  });

  it("finds that nobody samples", async () => {
    const redis = await startPreparedRedis();
    await redis.ran("sample", 300);
    const found = await doctor(redis.env);
    expect(found).toMatchObject({ code: 1, faults: ["sample"] });
    expect(found.of("sample")[0]?.detail).toBe("last success 5 min ago: history has a gap");
  });

  it("warns that samples keep nothing while counts are incomplete", async () => {
    const redis = await startPreparedRedis();
    await redis.ran("sample", 3, { result: { sampled: 0, stale: 0, incomplete: 1 } });
    expect(await doctor(redis.env)).toMatchObject({ code: 0, faults: ["sample"] });
  });

  it("finds writers that disagree, each with the variable to set", async () => {
    const redis = await startPreparedRedis();
    const own = (await redis.client().hgetall("onlines:meta:state"))["seen"];
    await redis.client().hset("onlines:meta:state", "writer:django", `${own} masked 64 1 1`);
    const found = await doctor(redis.env);
    expect(found).toMatchObject({ code: 1, faults: ["writers"] });
    expect(found.of("writers")).toMatchObject([
      {
        detail: expect.stringMatching(/^they disagree about PRESENCE_IDENTITY: .*masked \(django\)/),
        remedy: "set the same PRESENCE_IDENTITY for all, and restart them",
      },
    ]);
  });

  it("warns that this environment says something else than the writers", async () => {
    const redis = await startPreparedRedis();
    const found = await doctor({ ...redis.env, PRESENCE_IPV6_PREFIX: "128" });
    expect(found).toMatchObject({ code: 0, faults: ["writers"] });
    expect(found.of("writers")[0]?.remedy).toBe("set PRESENCE_IPV6_PREFIX=64 here too, or leave it out");
  });

  it("finds that nobody records, and tells that from plain ZADDs", async () => {
    await using redis = await startRedis();
    const nobody = await doctor({ REDIS_URL: redis.url });
    expect(nobody).toMatchObject({ code: 1, faults: ["recording"] });
    expect(nobody.of("recording")[0]?.remedy).toContain("start the API");
    await redis.client().zadd("onlines", Date.now() / 1_000, "203.0.113.9");
    const plain = await doctor({ REDIS_URL: redis.url });
    expect(plain.of("recording")).toMatchObject([
      { state: "warn", detail: expect.stringMatching(/^1 visitor online/) },
    ]);
  });

  it("warns of a Redis that is slow to answer", async () => {
    const redis = await startPreparedRedis();
    await using proxy = await startFaultProxy({ targetPort: redis.port });
    await proxy.mode({ latencyMs: 60 });
    const found = await doctor({ ...redis.env, REDIS_URL: proxy.url() });
    expect(found).toMatchObject({ code: 0, faults: ["redis"] });
    expect(found.of("redis")).toMatchObject([
      { state: "warn", remedy: expect.stringContaining("SLOWLOG GET") },
    ]);
  });

  it("warns of a clock that is wrong, of this machine's or of Redis'", async () => {
    const redis = await startPreparedRedis();
    const late = "const { now } = Date; Date.now = () => now() - 90_000;";
    const main = join(import.meta.dirname, "../../src/main.ts");
    const args = [
      "--import",
      `data:text/javascript,${late}`,
      "--conditions=@presence/source",
      main,
      "doctor",
    ];
    await using run = await startProcess(process.execPath, args, { env: redis.env });
    expect((await run.exited).code).toBe(0);
    expect(run.stdout).toMatch(
      /\nwarn {2}clock +Redis' clock is 1 min 30 s ahead of this machine's: .*\n +-> set both clocks by NTP: /,
    );
  });

  it("looks at the sets of a channel of its own", async () => {
    const redis = await startPreparedRedis();
    await redis.client().set("onlines:channel:page:/pricing", "12");
    expect((await doctor(redis.env, "--channel", "page:/pricing")).of("key")).toMatchObject([
      { state: "fail", detail: expect.stringContaining("onlines:channel:page:/pricing is a string") },
    ]);
  });
});

describe("doctor, as a Redis user who may not do everything", () => {
  it.each([
    ["-info", ["version", "policy"], "+info"],
    ["-hgetall", ["recording", "prune"], "+hgetall"],
    ["-type", ["key"], "+type"],
    ["-ttl", ["key"], "+ttl"],
    ["-zcount", ["future", "expired"], "+zcount"],
  ])("warns of %s at %j, and names the permission", async (rule, names, permission) => {
    const redis = await startPreparedRedis();
    await redis.client().acl("SETUSER", "limited", "on", ">swordfish", "~*", "+@all", rule);
    const url = redis.url.replace("://", "://limited:swordfish@");
    const found = await doctor({ ...redis.env, REDIS_URL: url });
    expect(found).toMatchObject({ code: 0, faults: names });
    for (const name of names) {
      expect(found.of(name)).toEqual([
        {
          name,
          state: "warn",
          detail: `this Redis user may not ask: it lacks ${permission}`,
          remedy: `redis-cli ACL SETUSER limited ${permission}`,
        },
      ]);
    }
  });

  it("finds that counting itself is forbidden", async () => {
    const redis = await startPreparedRedis();
    await redis.client().acl("SETUSER", "limited", "on", ">swordfish", "~*", "+@all", "-eval");
    const url = redis.url.replace("://", "://limited:swordfish@");
    const found = await doctor({ ...redis.env, REDIS_URL: url });
    expect(found).toMatchObject({ code: 1, faults: ["redis"] });
    expect(found.of("redis")).toMatchObject([{ remedy: "redis-cli ACL SETUSER limited +eval" }]);
  });
});

describe("doctor, on flags", () => {
  it.each([
    [["--format", "xml"], '--format must be table or json, not "xml".'],
    [["--key", "k"], "--key is for a Redis, and none is named here: name it with --redis-url."],
    [
      ["--url", "localhost"],
      "--url (or PRESENCE_URL) must be an address that begins with http:// or https://.",
    ],
    [["now"], 'doctor takes no argument "now". See presence-cli doctor --help.'],
  ])("refuses %j with 2, naming the flag and the remedy", async (args, message) => {
    expect(await cli(["doctor", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: `presence-cli: ${message}\n`,
    });
  });
});
