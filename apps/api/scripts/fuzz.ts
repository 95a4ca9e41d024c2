import { startRedis } from "@presence/testkit";
import { fuzzApi, type FuzzResult } from "./support/fuzz-api.ts";

// `npx pnpm@12 fuzz [seconds] [seed]`: asks a real API, embedded and then over Redis, whatever its OpenAPI document
// allows and forbids, so many seconds each, and fails on an answer that is a server error or not in the document.
const DEFAULT_SECONDS = 120;

const [
  secondsText = `${DEFAULT_SECONDS}`,
  seedText = `${Math.trunc(performance.timeOrigin % 2 ** 31)}`,
  ...more
] = process.argv.slice(2);
const seconds = Number(secondsText);
const seed = Number(seedText);
if (more.length > 0 || !Number.isSafeInteger(seconds) || seconds < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write("fuzz: takes the seconds (120) and a seed, both whole numbers.\n");
  process.exitCode = 2;
} else {
  report("embedded", await fuzzApi({ seed, length: { seconds } }));
  await using redis = await startRedis();
  report("over Redis", await fuzzApi({ env: { REDIS_URL: redis.url }, seed, length: { seconds } }));
}

function report(mode: string, { cases, operations, failures, errors, output }: FuzzResult): void {
  const isWell = failures.length + errors.length === 0;
  if (!isWell) process.exitCode = 1;
  process.stdout.write(isWell ? "" : output);
  process.stdout.write(
    `${mode}: ${cases} requests to ${operations} operations (all but the stream), seed ${seed}: ` +
      `${failures.length} kinds of failure, ${errors.length} errors\n`,
  );
}
