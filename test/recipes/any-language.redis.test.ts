import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onPath, pythonPackages, startRedis } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { startApi } from "../support/api.ts";
import { openShell } from "../support/shell.ts";
import { adapted, snippetBelow } from "../support/snippets.ts";

const DOCUMENT = "docs/recipes/any-language.md";
const INGEST_TOKEN = "ingest-token-of-at-least-32-characters";
const REDIS_PY = "redis==8.1.0";

describe("a program in another language", () => {
  it.skipIf(onPath("python3") === null)(
    "records with redis-py, and does without a Redis that is away",
    async () => {
      await using redis = await startRedis();
      await using api = await startApi({ REDIS_URL: redis.url });
      await using shell = await openShell();
      const writer = adapted(snippetBelow(DOCUMENT, "Python", "python"), {
        "redis://127.0.0.1:6379/0": redis.url,
      });
      await writeFile(join(shell.folder, "writer.py"), writer);
      const env = { PYTHONPATH: await pythonPackages("redis", [REDIS_PY]) };
      const record = async (addresses: readonly string[]) => {
        const call = `from writer import record; record(${addresses.map((address) => `'${address}'`).join(", ")})`;
        return (await shell.start(`python3 -c "${call}"`, { env })).exited;
      };
      expect(await record(["203.0.113.1", "203.0.113.2", "203.0.113.1"])).toMatchObject({ code: 0 });
      expect(await record([])).toMatchObject({ code: 0 });
      expect(await api.online()).toBe(2);
      await redis.kill();
      expect(await record(["203.0.113.3"])).toMatchObject({ code: 0 });
    },
  );

  it("records with redis-cli or curl", async () => {
    await using redis = await startRedis();
    await using api = await startApi({ REDIS_URL: redis.url, PRESENCE_INGEST_TOKENS: INGEST_TOKEN });
    await using shell = await openShell();
    const env = { REDIS_URL: redis.url, PRESENCE_URL: api.url, PRESENCE_TOKEN: INGEST_TOKEN };
    const inShell = await shell.start(snippetBelow(DOCUMENT, "A shell", "sh"), { env });
    expect(await inShell.exited).toMatchObject({ code: 0 });
    const overHttp = await shell.start(snippetBelow(DOCUMENT, "Without Redis", "sh"), { env });
    expect(await overHttp.exited).toMatchObject({ code: 0 });
    expect(JSON.parse(overHttp.stdout)).toEqual({ accepted: 2, rejected: [] });
    expect(await api.online()).toBe(3);
  });
});
