import { type FileHandle, open, rename, truncate } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { logLine } from "./log-line.ts";

/** Time between two requests, in milliseconds. */
const EVERY_MS = 3;

/** A web server under requests: each comes from an address of its own, and is a line of its log. */
export interface Traffic {
  /** The addresses of all requests so far. */
  readonly addresses: readonly string[];
  /** Takes in no requests until `resume`. */
  pause(): Promise<void>;
  resume(): void;
  /** The log gets another name, which the server goes on to write to for a while. */
  rotate(): Promise<void>;
  /** The log is emptied under the server. */
  truncate(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts such a server on the log at `path`. */
export async function startTraffic(path: string): Promise<Traffic> {
  const addresses: string[] = [];
  let log = await open(path, "a");
  let rotations = 0;
  let isPaused = false;
  let isStopped = false;
  let paused = Promise.withResolvers<void>();

  async function serve(): Promise<void> {
    while (!isStopped) {
      if (isPaused) paused.resolve();
      else {
        const number = addresses.length;
        const address = `10.7.${number >> 8}.${number & 255}`;
        addresses.push(address);
        await log.write(logLine(address));
      }
      await delay(EVERY_MS);
    }
    await log.close();
  }
  const serving = serve();

  return {
    addresses,
    async pause() {
      paused = Promise.withResolvers();
      isPaused = true;
      await paused.promise;
    },
    resume() {
      isPaused = false;
    },
    async rotate() {
      rotations += 1;
      await rename(path, `${path}.${rotations}`);
      const before = addresses.length;
      while (addresses.length < before + 20) await delay(EVERY_MS);
      const old: FileHandle = log;
      log = await open(path, "a");
      // A request that is under way is still written there.
      await delay(10 * EVERY_MS);
      await old.close();
    },
    truncate: () => truncate(path),
    async stop() {
      isStopped = true;
      await serving;
    },
  };
}
