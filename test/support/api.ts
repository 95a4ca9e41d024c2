import { join } from "node:path";
import { scratchFolder, startProcess, type ProcessOptions, type TestProcess } from "@presence/testkit";
import { ROOT } from "./repository.ts";

const FROM_SOURCE = "--conditions=@presence/source";
const LISTENING = /"url":"http:\/\/127\.0\.0\.1:(\d+)".*Presence is listening/;

/** A server of ours. */
export interface ApiProgram extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly process: TestProcess;
  /** How many are online on a channel now. */
  online(channel?: string): Promise<number>;
}

/** Starts the API as a process on a port of its own. */
export async function startApi(env: NonNullable<ProcessOptions["env"]>): Promise<ApiProgram> {
  const args = [FROM_SOURCE, join(ROOT, "apps/api/src/main.ts")];
  const data = await scratchFolder("data");
  const started = await startProcess(process.execPath, args, {
    env: { PORT: "0", PRESENCE_DATA_DIR: data.path, ...env },
    ready: LISTENING,
  });
  const port = Number(LISTENING.exec(started.stdout)?.[1]);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    process: started,
    async online(channel = "site") {
      const answer = await fetch(`${url}/v1/online?channel=${encodeURIComponent(channel)}`);
      const body = (await answer.json()) as { readonly count?: number; readonly detail?: string };
      if (body.count === undefined) throw new Error(`no count: ${body.detail ?? answer.status}`);
      return body.count;
    },
    async [Symbol.asyncDispose]() {
      await started.stop();
      await data.remove();
    },
  };
}
