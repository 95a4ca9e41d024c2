import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { type RedisServer, startProcess, startRedis, waitUntil } from "../src/index.ts";

describe("startRedis", () => {
  let server: RedisServer | null = null;
  afterEach(async () => {
    await server?.stop();
    server = null;
  });

  it("answers on its own port, and is gone with its folder after stop", async () => {
    server = await startRedis();
    expect(await server.client().ping()).toBe("PONG");
    const { pid, folder } = server;
    await server.stop();
    await server.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it("comes back empty on the same port after a kill", async () => {
    server = await startRedis();
    const client = server.client();
    await client.set("a", "1");
    const before = server.pid;
    await server.kill();
    expect(isAlive(before)).toBe(false);
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await client.get("a")).toBeNull();
  });

  it("loses nothing by a kill where it persists", async () => {
    server = await startRedis({ persist: true });
    const client = server.client();
    await client.set("a", "1");
    await server.kill();
    await server.restart();
    expect(await client.get("a")).toBe("1");
  });

  it("answers nothing while paused and everything after", async () => {
    server = await startRedis();
    const client = server.client({ commandTimeout: 200 });
    await client.set("a", "1");
    await server.pause();
    await expect(client.get("a")).rejects.toThrow("timed out");
    await server.resume();
    await waitUntil(async () => (await client.get("a")) === "1");
  });

  it("takes settings and arguments", async () => {
    server = await startRedis({
      config: { "maxmemory-policy": "noeviction", requirepass: "geheim" },
      args: ["--databases", "3"],
    });
    const client = server.client({ password: "geheim" });
    expect(await client.config("GET", "maxmemory-policy")).toContain("noeviction");
    await expect(client.select(3)).rejects.toThrow("out of range");
  });

  it("speaks TLS by a certificate of its own, which a process trusts when it is told to", async () => {
    server = await startRedis({ tls: true });
    expect(server.url).toMatch(/^rediss:/);
    expect(await server.client().ping()).toBe("PONG");
    const script = `
      const { connect } = require("node:tls");
      const socket = connect({ port: ${server.port}, host: "127.0.0.1" }, () => socket.end("PING\\r\\n"));
      socket.on("data", (text) => process.stdout.write(text));
      socket.on("error", (error) => process.stdout.write(error.code));`;
    const run = async (env: Record<string, string>): Promise<string> => {
      const child = await startProcess(process.execPath, ["-e", script], { env });
      await child.exited;
      return child.stdout;
    };
    expect(await run({ NODE_EXTRA_CA_CERTS: server.caFile ?? "" })).toBe("+PONG\r\n");
    expect(await run({})).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
  });

  it("says what the server said when it does not start", async () => {
    await expect(startRedis({ args: ["--no-such-setting", "1"] })).rejects.toThrow("no-such-setting");
  });

  it("does not outlive a parent that is killed", async () => {
    const program = fileURLToPath(new URL("./support/starts-redis.ts", import.meta.url));
    const parent = await startProcess(process.execPath, ["--conditions=@presence/source", program], {
      ready: /started \d+ .+\n/,
    });
    const [, pid, folder] = /started (\d+) (.+)\n/.exec(parent.stdout) ?? [];
    expect(isAlive(Number(pid))).toBe(true);
    process.kill(parent.pid, "SIGKILL");
    await waitUntil(() => !isAlive(Number(pid)), { what: "the end of the orphan" });
    await waitUntil(() => !existsSync(String(folder)), { what: "the removal of its folder" });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
