import { startMongo, startRedis } from "@presence/testkit";
import { runTurbo } from "./support/turbo.ts";

// `npx -y pnpm@12 dev`: the API, the scheduler and the CLI run from their sources and start again when one changes.
// What REDIS_URL and MONGODB_URL do not name is started here and ends with this.
const own: AsyncDisposable[] = [];
process.env["REDIS_URL"] ||= await start(startRedis, (url) => `${url}/0`);
process.env["MONGODB_URL"] ||= await start(startMongo, (url) => `${url}presence`);
process.stdout.write(`REDIS_URL=${process.env["REDIS_URL"]}\nMONGODB_URL=${process.env["MONGODB_URL"]}\n`);

const { code } = await runTurbo(["run", "dev", ...process.argv.slice(2)], "show");
for (const server of own) await server[Symbol.asyncDispose]();
process.exitCode = code;

async function start(
  startServer: () => Promise<AsyncDisposable & { readonly url: string }>,
  database: (url: string) => string,
): Promise<string> {
  const server = await startServer();
  own.push(server);
  return database(server.url);
}
