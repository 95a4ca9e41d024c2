import { join } from "node:path";
import {
  type ChildEnvironment,
  freePort,
  scratchFolder,
  startProcess,
  type TestProcess,
} from "@presence/testkit";

const API = join(import.meta.dirname, "../../../../apps/api/src/main.ts");

export const INGEST_TOKEN = "ingest-token-of-at-least-32-characters";
export const READ_TOKEN = "read-token-of-at-least-32-characters";

/** The real server as a process of its own, its count in its memory unless `env` names a Redis. */
export interface PresenceServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly process: TestProcess;
}

export async function startPresenceServer(env: ChildEnvironment = {}): Promise<PresenceServer> {
  const port = await freePort();
  const folder = await scratchFolder("server");
  const started = await startProcess(process.execPath, ["--conditions=@presence/source", API], {
    env: {
      PORT: String(port),
      PRESENCE_DATA_DIR: folder.path,
      PRESENCE_INGEST_TOKENS: INGEST_TOKEN,
      PRESENCE_READ_TOKENS: READ_TOKEN,
      PRESENCE_IGNORE: "loopback",
      ...env,
    },
    ready: /Presence is listening/,
  });
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    process: started,
    async [Symbol.asyncDispose]() {
      await started.stop();
      await folder.remove();
    },
  };
}
