import { createInterface } from "node:readline";
import { generateLoad } from "./generate.ts";
import type { LoadOptions } from "./options.ts";

// Started by `startLoad`: a process of its own, so that the load and who measures it do not wait for each other.
const options: LoadOptions = JSON.parse(process.argv[2] ?? "{}");
const load = generateLoad(options);
process.stdout.write("started\n");

createInterface({ input: process.stdin }).on("line", (line) => {
  const [word, ...rest] = line.split(" ");
  if (word === "phase") load.phase(rest.join(" "));
  else void load.stop();
});

process.stdout.write(`report ${JSON.stringify(await load.done)}\n`, () => process.exit(0));
