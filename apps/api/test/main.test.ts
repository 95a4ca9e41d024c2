import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  freePort,
  scratchFolder,
  startProcess,
  type ProcessOptions,
  type TestProcess,
} from "@presence/testkit";
import { openStream } from "./support/streams.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const LISTENING = /"url":"(http[^"]+)".*Presence is listening/;

function start(options: ProcessOptions): Promise<TestProcess & AsyncDisposable> {
  return startProcess(process.execPath, ["--conditions=@presence/source", MAIN], options);
}

async function startListening(
  env: Record<string, string> = {},
): Promise<{ readonly api: TestProcess; readonly url: string; readonly folder: string }> {
  const scratch = await scratchFolder("api-main");
  const api = await start({ cwd: scratch.path, env: { PORT: "0", ...env }, ready: LISTENING });
  onTestFinished(async () => {
    await api.kill();
    await scratch.remove();
  });
  return { api, url: LISTENING.exec(api.stdout)?.[1] ?? "", folder: scratch.path };
}

/** A port of this machine that somebody listens on until the test ends. */
async function takenPort(): Promise<number> {
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await once(taken, "listening");
  const address = taken.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("the process", () => {
  it("serves the embedded mode without any configuration and says where to look", async () => {
    const { api, url, folder } = await startListening();
    expect((await fetch(url, { redirect: "manual" })).status).toBe(302);
    expect(await (await fetch(`${url}/user/online/`)).text()).toBe('{"msg":"访问人数","num":1}');
    const token = (await readFile(join(folder, "data/admin-token"), "utf8")).trim();
    expect(api.stdout).toContain(join(folder, "data/admin-token"));
    expect(api.stdout).toContain("Embedded mode: the count lives in this process");
    expect(api.output).not.toContain(token);
    const list = await fetch(`${url}/v1/online/visitors`, { headers: { Authorization: `Bearer ${token}` } });
    expect(await list.json()).toMatchObject({ visitors: [{ visitor: "127.0.0.1" }] });
  });

  it("warns of a variable it does not know", async () => {
    const { api } = await startListening({ PRESENCE_WINDOW: "30" });
    expect(api.stdout).toContain("the nearest one is PRESENCE_WINDOW_SECONDS");
  });

  it("ends on SIGTERM with 0", async () => {
    const { api, url } = await startListening();
    await fetch(url);
    api.signal("SIGTERM");
    expect(await api.exited).toEqual({ code: 0, signal: null });
    expect(api.output).not.toContain('"level":"error"');
  });

  it("ends its streams before it ends, and waits for none of them", async () => {
    const { api, url } = await startListening();
    const get = (path: string): Promise<Response> => fetch(`${url}${path}`);
    const streams = await Promise.all([1, 2, 3].map(() => openStream({ get })));
    for (const stream of streams) expect(await stream.next()).toMatchObject({ event: "count" });
    const begunMs = performance.now();
    api.signal("SIGTERM");
    for (const stream of streams) expect(await stream.next()).toMatchObject({ event: "end" });
    expect(await api.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - begunMs).toBeLessThan(5_000);
  });

  it("names everything that is wrong with its configuration at once and exits 78", async () => {
    const env = {
      PORT: "http",
      PRESENCE_WINDOW_SECONDS: "0",
      REDIS_URL: "nonsense",
      PRESENCE_READ_TOKENS: "short-one",
    };
    const api = await start({ env });
    expect(await api.exited).toMatchObject({ code: 78 });
    expect(api.stderr).toMatch(/^The configuration has 4 problems:\n/);
    for (const name of Object.keys(env))
      expect(api.stderr).toMatch(new RegExp(`^  ${name} .*Example: ${name}=`, "m"));
    expect(api.stderr).not.toMatch(/short-one|^\s+at /m);
    expect(api.stdout).toBe("");
  });

  it("exits 1 with one sentence when its port is in use", async () => {
    const port = await takenPort();
    const scratch = await scratchFolder("api-main");
    onTestFinished(() => scratch.remove());
    const api = await start({ cwd: scratch.path, env: { PORT: String(port) } });
    expect(await api.exited).toMatchObject({ code: 1 });
    expect(api.stderr).toBe(
      `Port ${port} of 127.0.0.1 is in use. Stop the program that has it, or set PORT to another one.\n`,
    );
  });

  it("exits 78 when its data directory cannot be written to", async () => {
    const api = await start({ env: { PORT: "0", PRESENCE_DATA_DIR: join(import.meta.filename, "data") } });
    expect(await api.exited).toMatchObject({ code: 78 });
    expect(api.stderr).toMatch(/PRESENCE_DATA_DIR must be a directory this user can write to/);
    expect(api.stderr).not.toMatch(/^\s+at /m);
  });

  it("tells metrics on a port of their own, to this machine and without a token", async () => {
    const { api, url } = await startListening({ PRESENCE_METRICS_PORT: "0" });
    const metrics = /"metrics":"(http:\/\/127\.0\.0\.1:[^"]+)"/.exec(api.stdout)?.[1] ?? "";
    await fetch(url);
    const answer = await fetch(metrics);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await answer.text()).toContain('presence_sightings_recorded_total{source="request"} 1\n');
    expect((await fetch(new URL("/", metrics))).status).toBe(404);
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    api.signal("SIGTERM");
    expect(await api.exited).toEqual({ code: 0, signal: null });
  });

  it("exits 1 with one sentence when the port of the metrics is in use", async () => {
    const port = await takenPort();
    const scratch = await scratchFolder("api-main");
    onTestFinished(() => scratch.remove());
    const api = await start({ cwd: scratch.path, env: { PORT: "0", PRESENCE_METRICS_PORT: String(port) } });
    expect(await api.exited).toMatchObject({ code: 1 });
    expect(api.stderr).toContain(`Port ${port} of 127.0.0.1 is in use.`);
    expect(api.stderr).toContain("set PRESENCE_METRICS_PORT to another one");
  });

  it("listens though Redis is away, and says so", async () => {
    const port = await freePort();
    const { api, url } = await startListening({ REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` });
    expect((await fetch(`${url}/mirror/`)).status).toBe(204);
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: "ready", store: "degraded" });
    const count = await fetch(`${url}/user/online/`);
    expect(count.status).toBe(503);
    expect(Number(count.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await count.json()).toMatchObject({ code: "PRESENCE_STORE_UNAVAILABLE" });
    expect(api.output).toContain("Redis cannot be reached yet");
    expect(api.output).not.toContain("hunter2");
  });
});
