import type { Io } from "./io.ts";
import { createStreamOutput } from "./output/stream-output.ts";
import { run } from "./run.ts";

const { env } = process;
const io: Io = {
  env,
  // Opening it costs time, and few commands read it.
  get stdin() {
    return process.stdin;
  },
  stdout: createStreamOutput(process.stdout, { env }),
  stderr: createStreamOutput(process.stderr, { env }),
  nowMs: () => Date.now(),
  interrupted() {
    const controller = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
    return controller.signal;
  },
};

// Ending before the command has is a failure. Bundled, this is no module, in which that could be awaited.
process.exitCode = 1;
void run(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
});
