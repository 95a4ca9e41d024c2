import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, startMongo, startRedis, waitUntil } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { composeServices } from "./support/compose.ts";
import { imageContent, linksThatLeave, readDockerfile } from "./support/image.ts";
import { run } from "./support/programs.ts";
import { read } from "./support/repository.ts";

const API = readDockerfile("apps/api/Dockerfile");
const SCHEDULER = readDockerfile("apps/scheduler/Dockerfile");

describe.each([
  ["api", API],
  ["scheduler", SCHEDULER],
])("the image of the %s", (_, dockerfile) => {
  it("runs the Node of this repository as an unprivileged user", () => {
    expect(dockerfile.nodeVersion).toBe(read(".node-version").trim());
    expect(dockerfile.user).toBe("node");
    expect(dockerfile.env).toMatchObject({ NODE_ENV: "production", HOST: "0.0.0.0" });
    expect(dockerfile.port).toBe(Number(dockerfile.env["PORT"]));
  });
});

describe("what an image holds", () => {
  it("of the API is whole: it counts from there, as nobody, on a read-only file system", async () => {
    await using content = await imageContent(API);
    expect(await linksThatLeave(content.folder)).toEqual([]);
    expect(await readdir(content.folder)).not.toContain("test");
    expect(await installed(content.folder)).not.toContain("vitest");
    await using api = await content.start(API.command, {
      env: { ...API.env, PORT: "0", PRESENCE_DATA_DIR: content.dataFolder },
      ready: /Presence is listening/,
    });
    const port = /"bound":"http:\/\/0\.0\.0\.0:(\d+)"/.exec(api.stdout)?.[1];
    const url = `http://127.0.0.1:${port}`;
    await fetch(url, { redirect: "manual" });
    expect(await (await fetch(`${url}/user/online/`)).json()).toEqual({ msg: "访问人数", num: 1 });
    expect((await fetch(`${url}/dashboard/`)).status).toBe(200);
    expect((await fetch(`${url}/widget.js`)).status).toBe(200);
    expect(await readFile(join(content.dataFolder, "admin-token"), "utf8")).toMatch(/^\S{32,}\n$/);
    expect(await whoRuns(api.pid)).toEqual(process.getuid?.() === 0 ? 65_534 : process.getuid?.());
    expect(await api.stop()).toEqual({ code: 0, signal: null });
    expect(complaints(api.output)).toEqual([]);
  });

  it("of both services works as docker-compose.yml sets them up, and its health checks tell", async () => {
    await using redis = await startRedis({ config: { "maxmemory-policy": "noeviction" } });
    await using mongo = await startMongo();
    // What compose names by its services, and the one thing that .env must bring.
    const outside = {
      REDIS_URL: redis.url,
      MONGODB_URL: mongo.freshDatabase(),
      PRESENCE_ADMIN_TOKENS: "admin-token-of-at-least-32-characters",
    };
    for (const [name, dockerfile, isReady] of [
      ["scheduler", SCHEDULER, /"msg":"jobs run"/],
      ["api", API, /Presence is listening/],
    ] as const) {
      const { environment = {}, healthcheck } = composeServices()[name];
      const port = String(await freePort());
      await using content = await imageContent(dockerfile);
      expect(await linksThatLeave(content.folder)).toEqual([]);
      const env = { ...dockerfile.env, ...environment, ...outside, PORT: port };
      const [, ...check] = healthcheck?.test ?? [];
      const elsewhere = check.map((word) => word.replace(`:${dockerfile.port}/`, `:${port}/`));
      const service = await content.start(dockerfile.command, { env, ready: isReady });
      await using _ = service;
      await waitUntil(async () => {
        const ready = (await (await fetch(`http://127.0.0.1:${port}/ready`)).json()) as object;
        return JSON.stringify(ready).includes("degraded") ? null : ready;
      });
      expect((await run(process.execPath, elsewhere.slice(1))).code).toBe(0);
      expect(await service.stop()).toEqual({ code: 0, signal: null });
      expect((await run(process.execPath, elsewhere.slice(1))).code).not.toBe(0);
      expect(complaints(service.output)).toEqual([]);
    }
  });
});

/**
 * What a log warns of, but for a Redis that a stalling machine did not connect to at once: that is said, and
 * `/ready` says when it is over.
 */
function complaints(log: string): readonly string[] {
  return log
    .split("\n")
    .filter((line) => /"level":"(?:warn|error|fatal)"/.test(line))
    .filter(
      (line) => !/"level":"warn".*(?:connecting took longer than|"finding":"store-unreachable")/.test(line),
    );
}

/** The packages of a `pnpm deploy` folder, by name. */
async function installed(folder: string): Promise<readonly string[]> {
  const packages = await readdir(join(folder, "node_modules/.pnpm"));
  return packages.map((name) => name.replace(/(?!^)@.*$/, ""));
}

/** The user that a process runs as. */
async function whoRuns(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, "utf8");
  return Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
}
