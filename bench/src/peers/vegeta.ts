import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { madeOnce, startProcess } from "@presence/testkit";
import { bringPeer } from "../harness/missing-peer.ts";

const MODULE = "github.com/tsenart/vegeta/v12";
const VERSION = "v12.13.0";

/** What vegeta says of an attack: percentiles from when a request should have begun, in milliseconds. */
export interface VegetaReport {
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Has vegeta, another generator with a fixed rate, ask a URL. @throws {Error} where a request was not answered with 200. */
export async function attack(url: string, ratePerSecond: number, durationMs: number): Promise<VegetaReport> {
  const vegeta = await bringPeer("vegeta", program);
  const command = `echo "GET $1" | "$0" attack -rate="$2" -duration="$3ms" -timeout=60s | "$0" report -type=json`;
  const run = await startProcess("bash", [
    "-c",
    command,
    vegeta,
    url,
    String(ratePerSecond),
    String(durationMs),
  ]);
  const { code } = await run.exited;
  if (code !== 0) throw new Error(`vegeta ended with ${String(code)}:\n${run.output}`);
  const report = JSON.parse(run.stdout) as {
    readonly requests: number;
    readonly success: number;
    readonly latencies: { readonly "50th": number; readonly "99th": number };
  };
  if (report.success !== 1) throw new Error(`not every request of vegeta was answered: ${run.stdout}`);
  const { requests, latencies } = report;
  return { requests, p50Ms: latencies["50th"] / 1e6, p99Ms: latencies["99th"] / 1e6 };
}

function program(): Promise<string> {
  return madeOnce(`bench-vegeta-${VERSION}`, async (path) => {
    const folder = `${path}.bin`;
    await mkdir(folder, { recursive: true });
    const go = await startProcess("go", ["install", "-trimpath", `${MODULE}@${VERSION}`], {
      env: { CGO_ENABLED: "0", GOBIN: folder },
    });
    const { code } = await go.exited;
    if (code !== 0) throw new Error(`vegeta did not build:\n${go.output}`);
    await rename(join(folder, "vegeta"), path);
    await rm(folder, { recursive: true });
  });
}
