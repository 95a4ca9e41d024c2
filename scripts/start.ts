import { runTurbo } from "./support/turbo.ts";

// `npx -y pnpm@12 start`: pnpm has installed by now; this builds what has changed and becomes the server, in this
// very process, so that signals, the exit code and the terminal are the server's own.
process.stderr.write("Building what has changed since the last start...\n");
const build = await runTurbo(
  ["run", "build", "--filter=@presence/api...", "--filter=@presence/cli...", "--output-logs=errors-only"],
  "keep",
);
if (build.code === 0) {
  await import(new URL("../apps/api/bin/presence-server.js", import.meta.url).href);
} else {
  process.stderr.write(`${build.output}\nThe build failed; nothing was started.\n`);
  process.exitCode = build.code;
}
