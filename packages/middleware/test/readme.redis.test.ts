import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, type RedisServer, startProcess, startRedis, waitUntil } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Inside the package, so that an example finds it by its name.
const FOLDER = join(import.meta.dirname, "../.test-results");
const readme = await readFile(join(import.meta.dirname, "../README.md"), "utf8");
const EXAMPLES = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => ({
  entry: /@presence\/middleware\/(\w+)/.exec(code)?.[1] ?? "",
  code,
}));

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
  await mkdir(FOLDER, { recursive: true });
});
afterAll(() => redis.stop());

describe("the README", () => {
  it("has an example for each framework", () => {
    expect(EXAMPLES.map(({ entry }) => entry)).toEqual(["express", "koa", "fastify", "fetch"]);
  });

  it.each(EXAMPLES)("has one for $entry that counts who asks it", async ({ entry, code }) => {
    await redis.client().flushall();
    const port = await freePort();
    const file = join(FOLDER, `example-${entry}.ts`);
    await writeFile(file, code.replace("redis://localhost:6379", redis.url).replace("3000", String(port)));
    await using program = await startProcess(process.execPath, ["--conditions=@presence/source", file], {
      ready: async () => (await fetch(`http://localhost:${port}/`).catch(() => null)) !== null,
    });
    expect(program.isRunning).toBe(true);
    const isCountShown = code.includes('"/online"');
    const answer = await fetch(`http://localhost:${port}${isCountShown ? "/online" : "/"}`);
    expect(await answer.text()).toBe(
      isCountShown ? '{"count":1,"windowSeconds":60,"complete":false}' : "hello",
    );
    await waitUntil(async () => (await redis.client().zcard("onlines")) === 1);
  });
});
