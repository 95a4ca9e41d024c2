import { fileURLToPath } from "node:url";
import { startProcess } from "../process/start-process.ts";
import type { LoadOptions, LoadReport } from "./options.ts";

/** A load that another process makes. */
export interface RunningLoad extends AsyncDisposable {
  /** What begins from now on is counted under this name; before the first, under `start`. */
  phase(name: string): void;
  /** Settles with the report when its time is up or it was stopped. */
  readonly done: Promise<LoadReport>;
  /** Begins nothing more, waits for the answers. */
  stop(): Promise<LoadReport>;
}

// The same folder and extension whether this is a source or built.
const PROGRAM = fileURLToPath(import.meta.url).replace("start-load.", "load-program.");

/**
 * Makes HTTP requests to a local server at a fixed rate, from a process of its own.
 *
 * @example
 * const load = await startLoad({ urls: ["http://127.0.0.1:3000/"], ratePerSecond: 1_000, durationMs: 5_000 });
 * const { phases } = await load.done;
 */
export async function startLoad(options: LoadOptions): Promise<RunningLoad> {
  for (const url of options.urls) assertLocal(url);
  const generator = await startProcess(process.execPath, [PROGRAM, JSON.stringify(options)], {
    ready: /^started$/m,
  });
  const done = generator.exited.then(({ code }): LoadReport => {
    const [, report] = /^report (.+)$/m.exec(generator.stdout) ?? [];
    if (code !== 0 || report === undefined) throw new Error(`the load ended early:\n${generator.output}`);
    return JSON.parse(report);
  });
  // Whoever asks for it hears of a failure; a test that fails first has nobody who does.
  done.catch(() => {});
  return {
    done,
    phase: (name) => generator.write(`phase ${name}\n`),
    stop() {
      generator.write("stop\n");
      return done;
    },
    [Symbol.asyncDispose]: async () => void (await generator.kill()),
  };
}

/** Nobody else's server is ever put under load. */
function assertLocal(url: string): void {
  const { hostname, protocol } = new URL(url);
  const isLocal = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  if (!isLocal || protocol !== "http:") throw new RangeError(`${url} is no http: address of this machine`);
}
