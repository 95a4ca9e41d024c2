import { readFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import type { Redis } from "ioredis";

/**
 * CPU time a process and all of its threads have had, in milliseconds: the kernel's own account, in nanoseconds
 * (`/proc/<pid>/task/<tid>/schedstat`, Linux). Threads that ended are not in it.
 */
export async function processCpuMs(pids: readonly number[]): Promise<number> {
  let nanoseconds = 0;
  for (const pid of pids) {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      // oxlint-disable-next-line no-await-in-loop
      const text = await readFile(`/proc/${pid}/task/${task}/schedstat`, "utf8").catch(() => "0");
      nanoseconds += Number(text.split(" ", 1)[0]);
    }
  }
  return nanoseconds / 1e6;
}

/** What a Redis server has done since its start. */
export interface RedisWork {
  readonly commands: number;
  readonly cpuMs: number;
}

/** Asks the server for its own account; the question itself is in the next one's. */
export async function redisWork(redis: Redis): Promise<RedisWork> {
  const [cpu, stats] = [await redis.info("cpu"), await redis.info("stats")];
  const field = (text: string, name: string): number =>
    Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(text)?.[1] ?? Number.NaN);
  const seconds = field(cpu, "used_cpu_user") + field(cpu, "used_cpu_sys");
  return { commands: field(stats, "total_commands_processed"), cpuMs: seconds * 1_000 };
}

/** Memory the server uses for all it keeps, in bytes. */
export async function usedBytes(redis: { info(section: string): Promise<string> }): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
}
