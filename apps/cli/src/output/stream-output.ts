import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Output } from "../io.ts";

/** The reader of an output has gone: there is nobody left to tell, and nothing is wrong. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

const DEFAULT_COLUMNS = 80;

/** What {@link createStreamOutput} needs to know of a stream. */
export interface StreamOutputOptions {
  /** The environment, for `NO_COLOR` (no-color.org) and `TERM`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** An {@link Output} on a stream of the process. */
export function createStreamOutput(
  stream: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  { env }: StreamOutputOptions,
): Output {
  const closed = Promise.withResolvers<never>();
  closed.promise.catch(() => {});
  let isClosed = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    isClosed = true;
    const isGone = error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
    closed.reject(isGone ? new OutputClosedError("the reader has gone", { cause: error }) : error);
  });
  const isTerminal = stream.isTTY === true;

  return {
    isTerminal,
    hasColors: hasColors(isTerminal, env),
    get columns() {
      // A terminal whose size nobody has set says 0.
      return stream.columns === undefined || stream.columns === 0 ? DEFAULT_COLUMNS : stream.columns;
    },
    async write(text) {
      if (isClosed) return closed.promise;
      if (stream.write(text)) return;
      await Promise.race([once(stream, "drain").catch(() => {}), closed.promise]);
    },
  };
}

function hasColors(isTerminal: boolean, env: StreamOutputOptions["env"]): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  return isTerminal && env["TERM"] !== "dumb";
}
