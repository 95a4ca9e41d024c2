import { spawn } from "node:child_process";
import { once } from "node:events";
import type { RedisServer } from "@presence/testkit";

/** An IPv4 address for each number below 2^24. */
export function ipv4(number: number): string {
  return `10.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

/** How many members each of {@link zaddCommands} carries. */
export const MEMBERS_PER_COMMAND = 1_000;

/** Puts visitors into a set by `redis-cli --pipe`, the quickest way in; all seen at `atSeconds`. */
export async function seedVisitors(
  server: RedisServer,
  key: string,
  visitors: number,
  atSeconds: number,
): Promise<void> {
  await pipeCommands(server, zaddCommands(key, visitors, atSeconds));
}

/** Sends commands, as they go over the wire, by `redis-cli --pipe`. @throws {Error} where one is refused. */
export async function pipeCommands(server: RedisServer, commands: Iterable<string | Buffer>): Promise<void> {
  const cli = spawn("redis-cli", ["-p", String(server.port), "--pipe"], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const exited = once(cli, "exit");
  for (const command of commands) {
    // oxlint-disable-next-line no-await-in-loop
    if (!cli.stdin.write(command)) await once(cli.stdin, "drain");
  }
  cli.stdin.end();
  const [code] = await exited;
  if (code !== 0) throw new Error(`redis-cli --pipe ended with ${String(code)}`);
}

/** ZADDs of the visitors numbered below `visitors`, as they go over the wire. */
export function* zaddCommands(key: string, visitors: number, atSeconds: number): Generator<string> {
  for (let first = 0; first < visitors; first += MEMBERS_PER_COMMAND) {
    const words = ["ZADD", key];
    const last = Math.min(visitors, first + MEMBERS_PER_COMMAND);
    for (let number = first; number < last; number += 1) words.push(String(atSeconds), ipv4(number));
    yield `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;
  }
}
