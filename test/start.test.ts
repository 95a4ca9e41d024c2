import { join } from "node:path";
import { freePort, scratchFolder, startProcess, type TestProcess, waitUntil } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./support/programs.ts";
import { ROOT } from "./support/repository.ts";
import { personsEnvironment } from "./support/user.ts";

// Builds come from this repository's cache where it has them, to be quick; everything else is as it would be.
const ENVIRONMENT = { ...personsEnvironment(), TURBO_CACHE_DIR: join(ROOT, ".turbo/cache") };
const COMMAND = ["npx", "-y", "pnpm@12", "start"] as const;

describe("the first command, in a fresh clone", () => {
  let clone: string;
  let removeClone: () => Promise<void>;
  let port: number;
  let url: string;

  beforeAll(async () => {
    ({ path: clone, remove: removeClone } = await scratchFolder("clone"));
    const git = await run("git", ["clone", "--quiet", "--local", ROOT, clone]);
    if (git.code !== 0) throw new Error(git.stderr);
    port = await freePort();
    url = `http://localhost:${port}`;
  });
  afterAll(() => removeClone());

  /** Starts it by `command`, waits until it answers, and hands it to `use`. */
  async function withServer(
    [command, ...args]: readonly [string, ...string[]],
    use: (server: TestProcess, startedMs: number) => Promise<void>,
  ): Promise<void> {
    const beganMs = performance.now();
    await using server = await startProcess(command, args, {
      cwd: clone,
      env: { ...ENVIRONMENT, PORT: String(port) },
      ready: async () => (await fetch(`${url}/live`)).ok,
      readyTimeoutMs: 240_000,
    });
    await use(server, performance.now() - beganMs);
  }

  it("installs, builds, serves and says where to look; whoever comes is counted as one", async () => {
    await withServer(COMMAND, async (server, startedMs) => {
      console.log(`from a bare clone to the first answer: ${Math.round(startedMs)} ms`);
      expect(server.stdout).toContain(`Presence is listening on http://127.0.0.1:${port}`);
      expect(server.stdout).toContain(`the admin token is in ${join(clone, "data/admin-token")}`);

      expect((await fetch(`${url}/`, { redirect: "manual" })).status).toBeLessThan(400);
      expect(await (await fetch(`${url}/user/online/`)).text()).toBe('{"msg":"访问人数","num":1}');
      const cli = await run("npx", ["presence-cli", "count", "--format", "plain"], {
        cwd: clone,
        env: { ...ENVIRONMENT, PRESENCE_URL: url },
      });
      expect(cli).toMatchObject({ code: 0, stdout: "1\n" });
      expect(cli.stderr).toMatch(/^incomplete: recording began [\d.]+ s ago, less than the window/);

      // As whatever holds a terminal or a service ends it: the whole group is told.
      process.kill(-server.pid, "SIGTERM");
      await server.exited;
      expect(server.output).toContain('"signal":"SIGTERM","msg":"ending"');
      expect(server.output).not.toMatch(/"level":"(?:error|fatal)"/);
      await expect(fetch(`${url}/live`)).rejects.toThrow();
    });
  });

  it("is up again within seconds; on a terminal it prints the link that signs in, and Ctrl-C ends it", async () => {
    const onTerminal = ["script", "-qefc", COMMAND.join(" "), "/dev/null"] as const;
    await withServer(onTerminal, async (server, startedMs) => {
      console.log(`the second time: ${Math.round(startedMs)} ms`);
      expect(startedMs).toBeLessThan(15_000);
      const link = await waitUntil(() => /http:\S+\/dashboard\/#token=\S{32,}/.exec(server.stdout)?.[0]);
      expect(link).toContain(`:${port}/`);
      expect(server.stdout).toContain("Ctrl-C ends it.");
      server.write("\x03");
      await server.exited;
      await expect(fetch(`${url}/live`)).rejects.toThrow();
    });
  });
});
