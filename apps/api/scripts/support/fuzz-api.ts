import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ChildEnvironment,
  pythonTool,
  scratchFolder,
  type ScratchFolder,
  startProcess,
} from "@presence/testkit";

/** How an API is asked. */
export interface FuzzOptions {
  /** Of the API; `REDIS_URL` for one that is not embedded. */
  readonly env?: ChildEnvironment;
  /** The same requests each time, but for what depends on earlier answers and on the time. */
  readonly seed: number;
  /** Until the time is over, or so many requests for each operation beside those at its limits. */
  readonly length: { readonly seconds: number } | { readonly casesPerOperation: number };
  /**
   * Whether a 503 as the document has it is well, too: a store across a network has 300 ms to answer, which a machine
   * that is busy with other things may not give it. No other server error ever is.
   *
   * @default false
   */
  readonly isStoreLate?: boolean;
}

/** What came of it. */
export interface FuzzResult {
  /** Requests that were sent, each answer checked. */
  readonly cases: number;
  readonly operations: number;
  /** What was wrong with an answer, and at which operations; none is well. */
  readonly failures: readonly { readonly title: string; readonly operations: readonly string[] }[];
  /** Why the run itself did not come to its end; none is well. */
  readonly errors: readonly unknown[];
  /** All it said, with a request to send again for each failure. */
  readonly output: string;
}

const MAIN = join(import.meta.dirname, "../../src/main.ts");
const LISTENING = /"url":"(http[^"]+)".*Presence is listening/;

const TOKENS = {
  admin: "admin-token-of-at-least-32-characters",
  ingest: "ingest-token-of-at-least-32-characters",
  read: "read-token-of-at-least-32-characters",
  metrics: "metrics-token-of-at-least-32-characters",
};

/** The one that has no end, which nothing that waits for an answer can ask. */
const STREAM = "streamOnline";

/**
 * What is not in a schema: that a cursor is one of the server's own, or that a range has few enough points. So a
 * request that fits its schema may be refused.
 */
const LEFT_OUT = ["positive_data_acceptance"];

/** Sightings are refused one by one within a 200, and too many of them by 413. */
const SIGHTINGS = `
[[operations]]
include-operation-id = "recordSightings"
checks.negative_data_rejection.expected-statuses = [200, 400, 401, 403, 413, 415, 429]
`;

const AUTHORIZATION = `
[auth.openapi]
adminToken = { bearer = "${TOKENS.admin}" }
ingestToken = { bearer = "${TOKENS.ingest}" }
readToken = { bearer = "${TOKENS.read}" }
metricsToken = { bearer = "${TOKENS.metrics}" }
`;

const STORE_MAY_BE_LATE = `
[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 503]
`;

/**
 * Starts an API and lets schemathesis ask each operation of its own `/openapi.json` but the stream, with requests
 * that fit the document and with ones that do not. Every answer is held to the document: status, type, headers, body.
 */
export async function fuzzApi(options: FuzzOptions): Promise<FuzzResult> {
  const scratch = await scratchFolder("fuzz");
  try {
    await using api = await startApi(options.env ?? {}, scratch);
    return await runSchemathesis(LISTENING.exec(api.stdout)?.[1] ?? "", scratch, options);
  } finally {
    await scratch.remove();
  }
}

function startApi(env: ChildEnvironment, scratch: ScratchFolder) {
  return startProcess(process.execPath, ["--conditions=@presence/source", MAIN], {
    env: {
      PORT: "0",
      PRESENCE_DATA_DIR: join(scratch.path, "data"),
      PRESENCE_ADMIN_TOKENS: TOKENS.admin,
      PRESENCE_INGEST_TOKENS: TOKENS.ingest,
      PRESENCE_READ_TOKENS: TOKENS.read,
      PRESENCE_METRICS_TOKEN: TOKENS.metrics,
      ...env,
    },
    ready: LISTENING,
    readyTimeoutMs: 60_000,
  });
}

async function runSchemathesis(
  url: string,
  scratch: ScratchFolder,
  { seed, length, isStoreLate = false }: FuzzOptions,
): Promise<FuzzResult> {
  const configuration = join(scratch.path, "schemathesis.toml");
  const report = join(scratch.path, "report.json");
  await writeFile(configuration, (isStoreLate ? STORE_MAY_BE_LATE : "") + AUTHORIZATION + SIGHTINGS);
  const { command, args, env } = await pythonTool("schemathesis");
  const run = await startProcess(
    command,
    [
      ...args,
      ...["--config-file", configuration, "run", `${url}/openapi.json`, "--origin", url],
      ...["--exclude-operation-id", STREAM, "--checks", "all", "--exclude-checks", LEFT_OUT.join(",")],
      ...("seconds" in length
        ? ["--max-time", `${length.seconds}`]
        : ["--max-examples", `${length.casesPerOperation}`]),
      ...["--seed", `${seed}`, "--generation-database", "none", "--continue-on-failure"],
      // A machine that is slow is no fault of the API.
      ...["--suppress-health-check", "all", "--request-timeout", "60"],
      ...["--report", "json", "--report-json-path", report, "--no-color"],
    ],
    { cwd: scratch.path, env },
  );
  const { code } = await run.exited;
  const written = await readFile(report, "utf8").catch(() => {
    throw new Error(`schemathesis ended with ${code} and no report:\n${run.output}`);
  });
  const { test_cases, operations, failures, errors } = JSON.parse(written) as Report;
  return {
    cases: test_cases.generated,
    operations: operations.tested,
    failures,
    errors: code === 0 || failures.length > 0 ? errors : [...errors, `exit ${code}`],
    output: run.output,
  };
}

interface Report {
  readonly test_cases: { readonly generated: number };
  readonly operations: { readonly tested: number };
  readonly failures: FuzzResult["failures"];
  readonly errors: readonly unknown[];
}
