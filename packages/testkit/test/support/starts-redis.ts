import { startRedis } from "../../src/index.ts";

// Started by a test that kills it: what it leaves behind is what the test looks for.
const server = await startRedis();
process.stdout.write(`started ${server.pid} ${server.folder}\n`);
setInterval(() => {}, 60_000);
