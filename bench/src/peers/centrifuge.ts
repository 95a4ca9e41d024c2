import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { madeOnce, startProcess, waitUntil } from "@presence/testkit";
import { bringPeer } from "../harness/missing-peer.ts";

const FOLDER = join(import.meta.dirname, "../../peers/centrifuge");
const FILES = ["main.go", "go.mod", "go.sum"];

/** Centrifuge's Redis presence manager, driven line by line. */
export interface Centrifuge extends AsyncDisposable {
  /** Adds the visitors numbered from `first` up to `last`, `workers` at a time. */
  add(first: number, last: number, workers: number): Promise<{ readonly perSecond: number }>;
  /** Asks for the number of visitors, one question after the other. */
  stats(times: number): Promise<{ readonly p50Ms: number; readonly clients: number }>;
}

/** Options of {@link startCentrifuge}. */
export interface CentrifugeOptions {
  readonly redisPort: number;
  /** Keeps the user mapping, which makes counts quick and memory large. */
  readonly hasUserMapping: boolean;
}

const ANSWER_TIMEOUT_MS = 300_000;

export async function startCentrifuge({ redisPort, hasUserMapping }: CentrifugeOptions): Promise<Centrifuge> {
  const flags = ["-redis", `127.0.0.1:${redisPort}`, ...(hasUserMapping ? ["-users"] : [])];
  const peer = await startProcess(await bringPeer("Centrifuge", program), flags, { ready: /^ready$/m });
  let answered = 1;

  async function ask<Answer>(line: string): Promise<Answer> {
    peer.write(`${line}\n`);
    const answer = await waitUntil(
      () => {
        if (!peer.isRunning) throw new Error(`Centrifuge ended:\n${peer.output}`);
        return peer.stdout.split("\n").slice(0, -1)[answered];
      },
      { timeoutMs: ANSWER_TIMEOUT_MS, everyMs: 5, what: `Centrifuge's answer to ${line}` },
    );
    answered += 1;
    return JSON.parse(answer) as Answer;
  }

  return {
    add: (first, last, workers) => ask(`add ${first} ${last} ${workers}`),
    stats: (times) => ask(`stats ${times}`),
    [Symbol.asyncDispose]: async () => void (await peer.stop()),
  };
}

/** Builds it once for each version of its source. */
async function program(): Promise<string> {
  const digest = createHash("sha256");
  for (const file of FILES) {
    // oxlint-disable-next-line no-await-in-loop
    digest.update(await readFile(join(FOLDER, file)));
  }
  return madeOnce(`bench-centrifuge-${digest.digest("hex").slice(0, 12)}`, async (path) => {
    const go = await startProcess("go", ["build", "-trimpath", "-o", path, "."], {
      cwd: FOLDER,
      env: { CGO_ENABLED: "0" },
    });
    const { code } = await go.exited;
    if (code !== 0) throw new Error(`Centrifuge did not build:\n${go.output}`);
  });
}
