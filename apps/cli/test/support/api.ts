import { join } from "node:path";
import { type ChildEnvironment, freePort, scratchFolder, startProcess } from "@presence/testkit";

const API = join(import.meta.dirname, "../../../api/src/main.ts");

/** A real API, as a process of its own. */
export interface TestApi extends AsyncDisposable {
  readonly url: string;
  /** Where it keeps the admin token it made for itself. */
  readonly dataDir: string;
  /** A visit of the client at each of `addresses`. */
  visit(...addresses: readonly string[]): Promise<void>;
}

/** Starts an API from its sources: embedded, unless `env` names a Redis. */
export async function startApi(env: ChildEnvironment = {}): Promise<TestApi> {
  const port = Number(env["PORT"] ?? (await freePort()));
  const folder = await scratchFolder("cli-api");
  const api = await startProcess(process.execPath, ["--conditions=@presence/source", API], {
    env: {
      PORT: String(port),
      PRESENCE_DATA_DIR: folder.path,
      PRESENCE_TRUSTED_PROXIES: "loopback",
      ...env,
    },
    ready: /Presence is listening/,
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    dataDir: folder.path,
    async visit(...addresses) {
      await Promise.all(
        addresses.map((address) => fetch(`${url}/mirror/`, { headers: { "X-Forwarded-For": address } })),
      );
    },
    async [Symbol.asyncDispose]() {
      await api.stop();
      await folder.remove();
    },
  };
}
