import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { OnlineCount, PruneResult } from "@presence/core";

const PROGRAM = fileURLToPath(new URL("process-program.ts", import.meta.url));

type Nothing = Readonly<Record<string, never>>;

/** What a process is asked, and what it answers. */
export interface Questions {
  readonly open: [
    { readonly url: string; readonly key: string; readonly shards: number; readonly historyPath: string },
    Nothing,
  ];
  readonly record: [
    { readonly visitors: readonly (readonly [visitor: string, agoMs: number])[] },
    {
      readonly taken: readonly {
        readonly visitor: string;
        readonly atMs: number;
        readonly refusal: string | null;
      }[];
    },
  ];
  readonly flush: [Nothing, Nothing];
  readonly count: [Nothing, OnlineCount];
  readonly list: [Nothing, { readonly asOfMs: number; readonly visitors: readonly string[] }];
  readonly prune: [Nothing, PruneResult];
  readonly forget: [{ readonly visitors: readonly string[] }, { readonly forgotten: number }];
  readonly sample: [Nothing, { readonly sampled: number; readonly count: OnlineCount }];
  readonly jump: [{ readonly ms: number }, Nothing];
  readonly close: [Nothing, Nothing];
}

export interface Question {
  readonly id: number;
  readonly ask: keyof Questions;
  readonly asked: object;
}

export type Answer = {
  readonly id: number;
  /** How many of its writes have failed so far, those in the background too. */
  readonly failedFlushes: number;
} & (
  | { readonly answer: object }
  /** The store could not be asked, or refused: nobody knows what became of it. */
  | { readonly failure: string }
  | { readonly bug: string }
);

/** A process of its own that records, reads and removes. */
export interface PresenceProcess {
  readonly isRunning: boolean;
  /** How many of its writes had failed by its last answer. */
  readonly failedFlushes: number;
  /** Answers `null` where the store could not be asked. @throws {Error} for any other failure, such as its end. */
  ask<K extends keyof Questions>(ask: K, asked: Questions[K][0]): Promise<Questions[K][1] | null>;
  /** Why it could not ask its store the last time. */
  readonly lastFailure: string;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Starts one; it ends with this process. */
export function startPresenceProcess(): PresenceProcess {
  const child: ChildProcess = fork(PROGRAM, {
    execArgv: ["--conditions=@presence/source"],
    env: { PATH: process.env["PATH"] },
  });
  const waiting = new Map<number, { resolve(said: Answer): void; reject(error: Error): void }>();
  let asked = 0;
  let failedFlushes = 0;
  let lastFailure = "";
  child.on("message", (said: Answer) => {
    ({ failedFlushes } = said);
    waiting.get(said.id)?.resolve(said);
    waiting.delete(said.id);
  });
  let isRunning = true;
  child.on("exit", (code, signal) => {
    isRunning = false;
    for (const { reject } of waiting.values()) reject(new Error(`the process ended: ${code ?? signal}`));
  });
  return {
    get lastFailure() {
      return lastFailure;
    },
    get isRunning() {
      return isRunning;
    },
    get failedFlushes() {
      return failedFlushes;
    },
    async ask(ask, what) {
      if (!isRunning) throw new Error("the process has ended");
      asked += 1;
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      waiting.set(asked, { resolve, reject });
      const question: Question = { id: asked, ask, asked: what };
      // One that is just ending takes nothing more: what waits is rejected by its end.
      child.send(question, () => {});
      const said = await promise;
      if ("bug" in said) throw new Error(`${ask} failed: ${said.bug}`);
      if ("failure" in said) lastFailure = said.failure;
      return "failure" in said ? null : (said.answer as never);
    },
    async kill() {
      if (!isRunning) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
