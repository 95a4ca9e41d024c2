import { createInterface } from "node:readline";

// The API as it is, which answers each line of its input with what it has open: connections, timers, requests.
createInterface({ input: process.stdin }).on("line", () => {
  process.stdout.write(`resources ${JSON.stringify(process.getActiveResourcesInfo())}\n`);
});
await import("../../src/main.ts");
