import { freePort } from "../network/free-port.ts";
import { startProcess, type TestProcess } from "./start-process.ts";

/** How a server is started on a port. */
export interface Launch {
  readonly command: string;
  readonly args: (port: number) => readonly string[];
  readonly isReady: (port: number) => Promise<boolean>;
}

/** A server that answers on its port. */
export interface Launched {
  readonly server: TestProcess;
  readonly port: number;
}

const MOST_TRIES = 5;

/**
 * Starts a server and waits until it answers. A port that was free a moment ago may be taken now: then another one
 * is tried, unless `chosenPort` says which it must be.
 */
export async function launchOnPort(launch: Launch, chosenPort: number | null): Promise<Launched> {
  for (let tries = 1; ; tries++) {
    const port = chosenPort ?? (await freePort());
    try {
      const server = await startProcess(launch.command, launch.args(port), {
        ready: (started) => started.isRunning && launch.isReady(port),
      });
      return { server, port };
    } catch (error) {
      const isTaken = String(error).toLowerCase().includes("address already in use");
      if (chosenPort !== null || tries === MOST_TRIES || !isTaken) throw error;
    }
  }
}
