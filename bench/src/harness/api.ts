import { join } from "node:path";
import { freePort, scratchFolder, startProcess, type TestProcess } from "@presence/testkit";
import { builtProgram } from "./built.ts";

/** A token for what only admins and writers may. */
export const TOKEN = "a-token-that-only-the-bench-knows";

/** The built server as a process of its own. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly process: TestProcess;
}

/** Starts the built server; embedded unless `env` names a Redis. */
export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const program = await builtProgram("apps/api", "bin/presence-server.js");
  const folder = await scratchFolder("bench-server");
  const port = await freePort();
  const server = await startProcess(process.execPath, [program], {
    cwd: folder.path,
    env: {
      PORT: String(port),
      NODE_ENV: "production",
      PRESENCE_DATA_DIR: join(folder.path, "data"),
      PRESENCE_ADMIN_TOKENS: TOKEN,
      PRESENCE_INGEST_TOKENS: TOKEN,
      PRESENCE_TRUSTED_PROXIES: "loopback",
      ...env,
    },
    ready: /listening/,
  });
  return {
    url: `http://127.0.0.1:${port}`,
    process: server,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await folder.remove();
    },
  };
}
