import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, startProcess, type TestProcess } from "@presence/testkit";
import { djangoCommand } from "./django.ts";

/** An application under load, and what it runs on. */
export interface RunningApp extends AsyncDisposable {
  readonly url: string;
  /** Every process of it that answers requests. */
  readonly pids: readonly number[];
}

/** The Koa applications of `bench/peers/koa.ts`. */
export type KoaKind = "bare" | "naive" | "presence" | "presence-hashed";

const KOA = join(import.meta.dirname, "../../peers/koa.ts");
const ENDS_AT_ONCE_MS = 100;

export async function startKoa(kind: KoaKind, redisUrl: string): Promise<RunningApp> {
  const app = await startProcess(process.execPath, ["--conditions=@presence/source", KOA, kind], {
    env: { REDIS_URL: redisUrl, NODE_ENV: "production" },
    ready: /^listening on \d+$/m,
  });
  const [, port] = /^listening on (\d+)$/m.exec(app.stdout) ?? [];
  return running(app, `http://127.0.0.1:${port}/`, () => [app.pid]);
}

const GUNICORN_WORKERS = 2;

/** The original: Django under gunicorn with two workers. */
export async function startDjango(redisUrl: string): Promise<RunningApp> {
  const port = await freePort();
  const { command, args, env, cwd } = await djangoCommand();
  const app = await startProcess(
    command,
    [...args, "--workers", String(GUNICORN_WORKERS), "--bind", `127.0.0.1:${port}`, "app:application"],
    {
      cwd,
      env: { ...env, REDIS_URL: redisUrl },
      ready: async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
        return answer?.status === 200;
      },
    },
  );
  return running(app, `http://127.0.0.1:${port}/`, () => [app.pid, ...childrenOf(app.pid)]);
}

function running(app: TestProcess, url: string, pids: () => readonly number[]): RunningApp {
  return {
    url,
    get pids() {
      return pids();
    },
    // What it may still have to say is of no use.
    [Symbol.asyncDispose]: async () => void (await app.stop(ENDS_AT_ONCE_MS)),
  };
}

/** The processes that a process started (Linux). */
function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter((word) => word !== "")
    .map(Number);
}
