import { join } from "node:path";
import {
  type ChildEnvironment,
  scratchFolder,
  startProcess,
  type ProcessExit,
  type TestProcess,
  type TestRedis,
} from "@presence/testkit";
import { onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "../../../..");
const FROM_SOURCE = "--conditions=@presence/source";
const LISTENING = /"url":"(http[^"]+)".*Presence is listening/;

/** `vitest run --mode full`: the tests that stand in for hours and minutes take them. */
export const IS_FULL_LENGTH: boolean = process.env["MODE"] === "full";

/** The repository, for what lies beside it. */
export const REPOSITORY: string = ROOT;

/** Where a program is to look for sightings: a prefix in a Redis. */
export function onRedis({ url, key }: Pick<TestRedis, "url" | "key">): ChildEnvironment {
  return { REDIS_URL: url, PRESENCE_KEY: key };
}

/** The API as a process of its own. */
export interface ApiProgram {
  readonly url: string;
  readonly process: TestProcess;
}

/** Options of {@link launchApi}. */
export interface LaunchOptions {
  /** How many files and connections it may have open at most. @default as many as this process */
  readonly openFiles?: number;
  /** What is started, in `apps/api`. @default "src/main.ts" */
  readonly program?: string;
}

/** Starts the API as its users do, on a port of its own, behind a trusted proxy on this machine. */
export async function startApiProgram(
  env: ChildEnvironment,
  options: LaunchOptions = {},
): Promise<ApiProgram> {
  const api = await launchApi(env, options);
  onTestFinished(() => api[Symbol.asyncDispose]());
  return api;
}

/** The same for as long as somebody wants it. */
export async function launchApi(
  env: ChildEnvironment,
  { openFiles, program = "src/main.ts" }: LaunchOptions = {},
): Promise<ApiProgram & AsyncDisposable> {
  const main = join(ROOT, "apps/api", program);
  const scratch = await scratchFolder("api");
  const node = [process.execPath, FROM_SOURCE, main] as const;
  const limited = ["/bin/sh", "-c", `ulimit -n ${openFiles} && exec "$@"`, "sh", ...node] as const;
  const [command, ...args] = openFiles === undefined ? node : limited;
  const api = await startProcess(command, args, {
    env: {
      PORT: "0",
      PRESENCE_TRUSTED_PROXIES: "loopback",
      PRESENCE_DATA_DIR: join(scratch.path, "data"),
      ...env,
    },
    ready: LISTENING,
  });
  return {
    url: LISTENING.exec(api.stdout)?.[1] ?? "",
    process: api,
    async [Symbol.asyncDispose]() {
      await api.stop();
      await scratch.remove();
    },
  };
}

/** What `presence-cli` said and how it ended. */
export interface CliRun extends ProcessExit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `presence-cli` as a process, to its end. */
export async function presenceCli(args: readonly string[], env: ChildEnvironment): Promise<CliRun> {
  const main = join(ROOT, "apps/cli/src/main.ts");
  const cli = await startProcess(process.execPath, [FROM_SOURCE, main, ...args], { env });
  const exit = await cli.exited;
  return { ...exit, stdout: cli.stdout, stderr: cli.stderr };
}
