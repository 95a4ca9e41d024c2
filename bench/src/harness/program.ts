import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, readFileSync } from "node:fs";
import { provision } from "@presence/testkit";
import { onPath } from "@presence/testkit";
import { MissingPeerError } from "./missing-peer.ts";

/** A run of a whole program. */
export interface ProgramRun {
  readonly wallMs: number;
  /** Most memory it had at a time, in bytes: the kernel's own high-water mark, looked at while it ran. */
  readonly peakBytes: number;
  readonly stdout: string;
}

/** Options of {@link runProgram}. */
export interface ProgramOptions {
  /** A file that becomes its standard input. */
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const LOOK_EVERY_MS = 5;

/** Runs a program to its end. @throws {Error} where it fails. */
export async function runProgram(
  command: string,
  args: readonly string[],
  { stdin, env, cwd }: ProgramOptions = {},
): Promise<ProgramRun> {
  const startedMs = performance.now();
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [stdout, stderr, peakBytes] = ["", "", 0];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const looking = setInterval(() => {
    peakBytes = Math.max(peakBytes, highWater(child.pid ?? 0));
  }, LOOK_EVERY_MS);
  if (stdin === undefined) child.stdin.end();
  // A program that has read enough closes its input.
  else
    createReadStream(stdin)
      .pipe(child.stdin)
      .on("error", () => {});
  const [code] = await once(child, "close");
  const wallMs = performance.now() - startedMs;
  clearInterval(looking);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${String(code)}:\n${stderr}`);
  return { wallMs, peakBytes, stdout };
}

function highWater(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1_024;
  } catch {
    // It has just ended.
    return 0;
  }
}

/** Sees to a program of a Debian package. @throws {MissingPeerError} where it is not to be had. */
export async function needProgram(name: string, packageName: string): Promise<string> {
  const things = [
    {
      name,
      neededBy: "bench",
      packages: [packageName],
      find: async (): Promise<string | null> => onPath(name),
    },
  ];
  const [found] = await provision(things, () => {});
  if (found === undefined || found.state === "missing")
    throw new MissingPeerError(name, `install ${packageName}`);
  return found.where;
}
