/** Called for each line, without its line end. The bytes are true during the call only. */
export type OnLine = (bytes: Buffer, start: number, end: number) => void;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A longer line is no log line: its rest is skipped, and it is given as an empty-handed one. */
export const MAX_LINE_BYTES: number = 1 << 20;

/** Cuts a stream of bytes into lines. */
export interface LineSplitter {
  push(chunk: Buffer): void;
  /** The bytes after the last line end, as a line where there are any; the next push begins anew. */
  end(): void;
  /** Forgets the bytes after the last line end: what comes next is another file. */
  reset(): void;
}

/** @param onTooLong Called for a line beyond {@link MAX_LINE_BYTES}. */
export function createLineSplitter(onLine: OnLine, onTooLong: () => void): LineSplitter {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isSkipping = false;

  function emit(bytes: Buffer, start: number, end: number): void {
    onLine(bytes, start, end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
  }

  /** Where a line begins behind the zeros of a hole, which is left where a writer goes on after a truncation. */
  function behindZeros(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length && chunk[at] === 0) at += 1;
    return at;
  }

  function hold(bytes: Buffer): void {
    if (isSkipping || bytes.length === 0) return;
    if (heldBytes + bytes.length > MAX_LINE_BYTES) {
      isSkipping = true;
      clear();
      return;
    }
    // A copy: who reads may read into the same buffer again.
    held.push(Buffer.from(bytes));
    heldBytes += bytes.length;
  }

  function clear(): void {
    held = [];
    heldBytes = 0;
  }

  /** Ends the line whose begin is held back. */
  function finish(): void {
    if (isSkipping) onTooLong();
    else {
      const line = Buffer.concat(held, heldBytes);
      clear();
      emit(line, 0, line.length);
    }
    isSkipping = false;
  }

  return {
    push(chunk) {
      let start = 0;
      if (heldBytes > 0 || isSkipping) {
        const first = chunk.indexOf(LINE_FEED);
        hold(first === -1 ? chunk : chunk.subarray(0, first));
        if (first === -1) return;
        finish();
        start = first + 1;
      }
      start = behindZeros(chunk, start);
      for (;;) {
        const next = chunk.indexOf(LINE_FEED, start);
        if (next === -1) break;
        if (next - start > MAX_LINE_BYTES) onTooLong();
        else emit(chunk, start, next);
        start = next + 1;
      }
      hold(chunk.subarray(start));
    },
    end() {
      if (heldBytes > 0 || isSkipping) finish();
    },
    reset() {
      clear();
      isSkipping = false;
    },
  };
}
