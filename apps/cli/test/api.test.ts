import { chmod, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { startApi } from "./support/api.ts";
import { cli } from "./support/cli.ts";

const api = await startApi();
afterAll(() => api[Symbol.asyncDispose]());

const ask = (...args: readonly string[]) =>
  cli([...args, "--url", api.url], { env: { PRESENCE_DATA_DIR: api.dataDir } });

describe("a command that asks an API", () => {
  it("counts, lists, forgets and prunes there, with the token that the server keeps on this machine", async () => {
    await api.visit("203.0.113.9", "203.0.113.10", "2001:db8:1:2::3");
    await expect
      .poll(async () => (await ask("count", "--format", "plain")).stdout, { timeout: 20_000 })
      .toBe("3\n");
    expect((await ask("count")).stdout).toMatch(
      /^3 online on site\nlast seen within 60 s, as of \d\d:\d\d:\d\d \(http:\/\/127\.0\.0\.1:\d+, \d+ ms ago\)\n$/,
    );

    const { stdout, stderr } = await ask("list", "--all", "--format", "csv");
    const rows = stdout.split("\n").slice(1, -1);
    expect(new Set(rows.map((row) => row.split(",")[0]))).toEqual(
      new Set(["2001:db8:1:2::/64", "203.0.113.10", "203.0.113.9"]),
    );
    expect(rows).toHaveLength(3);
    expect(stderr).toBe("");

    expect((await ask("forget", "203.0.113.9", "203.0.113.77")).stdout).toBe(
      "Forgot 1 of 2 visitors on site.\n",
    );
    expect((await ask("prune")).stdout).toMatch(/^Removed 0 expired visitors in \d+\.\d s\. 2 online\.\n$/);
    expect((await ask("prune", "--older-than", "1", "--dry-run")).stdout).toMatch(/2 online\.\n$/);
  });

  it("goes on where a signed cursor says, and refuses one that is made up", async () => {
    await api.visit("198.51.100.1", "198.51.100.2", "198.51.100.3");
    const page = JSON.parse((await ask("list", "--limit", "2", "--format", "json")).stdout);
    const next = JSON.parse((await ask("list", "--cursor", page.nextCursor, "--format", "json")).stdout);
    const listed = [...page.visitors, ...next.visitors].map(({ visitor }) => visitor);
    expect(new Set(listed).size).toBe(listed.length);
    const refused = await ask("list", "--cursor", "made-up");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/^presence-cli: GET .* answered 400: .*cursor.*\n$/i);
  });

  it("refuses a channel the server does not keep, in the server's words", async () => {
    const { code, stdout, stderr } = await ask("count", "--channel", "no such");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^presence-cli: GET .* answered 400: .*channel.*\n$/i);
  });

  it("refuses --batch, which is for a Redis", async () => {
    expect(await ask("prune", "--batch", "10")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "presence-cli: --batch is for a Redis: the API chooses its own. Name the Redis with --redis-url.\n",
    });
  });

  it("refuses --key, which is for a Redis", async () => {
    expect((await ask("count", "--key", "onlines")).stderr).toBe(
      "presence-cli: --key is for a Redis, and an API is asked here: name the Redis with --redis-url.\n",
    );
  });

  it("says how to give a token where the server wants one", async () => {
    const { code, stdout, stderr } = await cli(["list", "--url", api.url], { env: {} });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /answered 401: .*Give one with --token or PRESENCE_TOKEN; on the server's own machine/,
    );
  });

  it("prefers the token that is given, and says that it is wrong", async () => {
    for (const [args, env] of [
      [["--token", "wrong-token-of-at-least-32-characters"], {}],
      [[], { PRESENCE_TOKEN: "wrong-token-of-at-least-32-characters" }],
    ] as const) {
      const { code, stderr } = await cli(["list", "--url", api.url, ...args], {
        env: { PRESENCE_DATA_DIR: api.dataDir, ...env },
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^presence-cli: GET .* answered 401: /);
      expect(stderr).not.toContain("wrong-token");
    }
  });

  it("does not use a token that others on this machine can read", async () => {
    const folder = await scratchFolder("token");
    await copyFile(join(api.dataDir, "admin-token"), join(folder.path, "admin-token"));
    await chmod(join(folder.path, "admin-token"), 0o644);
    const args = ["list", "--url", api.url];
    const env = { PRESENCE_DATA_DIR: folder.path };
    expect((await cli(args, { env })).code).toBe(1);
    await chmod(join(folder.path, "admin-token"), 0o600);
    expect((await cli(args, { env })).code).toBe(0);
    await folder.remove();
  });

  it("takes the address from PRESENCE_URL", async () => {
    const env = { PRESENCE_URL: api.url };
    expect((await cli(["count", "--format", "plain"], { env })).stdout).toMatch(/^\d+\n$/);
  });
});
