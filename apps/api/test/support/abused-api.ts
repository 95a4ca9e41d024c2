import { readFileSync } from "node:fs";
import type { ChildEnvironment } from "@presence/testkit";
import { waitUntil } from "@presence/testkit";
import { expect } from "vitest";
import { launchApi, type ApiProgram } from "./programs.ts";
import { problemIn, rawClient, type RawAnswer } from "./raw-http.ts";

export const ADMIN_TOKEN = "admin-token-of-at-least-32-characters";
export const INGEST_TOKEN = "ingest-token-of-at-least-32-characters";
export const METRICS_TOKEN = "metrics-token-of-at-least-32-characters";

/** Far longer than anything takes here, on a machine that does ten other things. */
export const PATIENCE_MS = 60_000;

const DEFAULTS: ChildEnvironment = {
  PRESENCE_ADMIN_TOKENS: ADMIN_TOKEN,
  PRESENCE_INGEST_TOKENS: INGEST_TOKEN,
  PRESENCE_METRICS_TOKEN: METRICS_TOKEN,
};

/** The API as a process, and somebody who means it harm. */
export interface AbusedApi extends ApiProgram, AsyncDisposable {
  /** Sends `text`, a character a byte, over a connection of its own, and waits for all that is answered to it. */
  send(text: string, options?: SendOptions): Promise<SentAnswer>;
  /** By how much its memory has grown since its start, in MB, as the system sees it. */
  grownMb(): number;
  /** One figure of `/metrics`; 0 where it is not told. */
  metric(series: string): Promise<number>;
  /** How many label sets a metric has. */
  seriesOf(metric: string): Promise<number>;
}

/** Options of {@link AbusedApi.send}. */
export interface SendOptions {
  /** As many answers end the wait. @default the connection's end alone does */
  readonly answers?: number;
}

/** All that was answered, and whether the server closed the connection by then. */
export interface SentAnswer {
  readonly statuses: readonly number[];
  readonly answers: readonly RawAnswer[];
  readonly isClosed: boolean;
}

/** Starts the API with tokens and metrics; its end is the caller's. */
export async function launchAbusedApi(env: ChildEnvironment = {}, openFiles?: number): Promise<AbusedApi> {
  const api = await launchApi({ ...DEFAULTS, ...env }, openFiles === undefined ? {} : { openFiles });
  const { url, process } = api;
  const startedMb = residentMb(process.pid);

  async function metrics(): Promise<readonly string[]> {
    const headers = { Authorization: `Bearer ${METRICS_TOKEN}` };
    return (await (await fetch(`${url}/metrics`, { headers })).text()).split("\n");
  }

  return {
    ...api,
    async send(text, { answers = Infinity } = {}) {
      using client = rawClient(url);
      client.socket.write(text, "latin1");
      await waitUntil(() => client.isClosed || client.answers().length >= answers, {
        timeoutMs: PATIENCE_MS,
        what: `the end of ${JSON.stringify(text.slice(0, 80))}`,
      });
      const all = client.answers();
      for (const answer of all) if (answer.status >= 400) problemIn(answer);
      return { answers: all, statuses: all.map(({ status }) => status), isClosed: client.isClosed };
    },
    grownMb: () => residentMb(process.pid) - startedMb,
    async metric(series) {
      const told = (await metrics()).find((line) => line.startsWith(`${series} `));
      return Number(told?.split(" ").at(-1) ?? 0);
    },
    async seriesOf(metric) {
      return (await metrics()).filter((line) => line.startsWith(`${metric}{`)).length;
    },
  };
}

/** Sees that it answers others, wrote no line of level error, and has grown by less than `mostMb`. */
export async function seeUnhurt({ url, process, grownMb }: AbusedApi, mostMb: number): Promise<void> {
  expect((await fetch(`${url}/user/online/`)).status).toBe(200);
  const grown = grownMb();
  console.log(`${expect.getState().currentTestName}: grew by ${grown.toFixed(0)} of ${mostMb} MB`);
  expect(grown).toBeLessThan(mostMb);
  expect(process.output).not.toMatch(/"level":"(?:error|fatal)"|^\s+at /m);
  expect(process.isRunning).toBe(true);
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
}
