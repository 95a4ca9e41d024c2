import { runScheduler } from "./run.ts";

const exitCode = await runScheduler(process.env, (text) => process.stderr.write(`${text}\n`));
if (exitCode !== null) process.exit(exitCode);
