import type { FileHandle } from "node:fs/promises";
import type { LogReader } from "./log-reader.ts";

/** Bytes before the place reached that are looked at again with each read: a whole line of most logs. */
const TAIL_BYTES = 256;

const CHUNK_BYTES = 1 << 18;
const LINE_FEED = 0x0a;

/** What a look at the file brought: new bytes, nothing new, or another beginning. */
export type Look = "read" | "end" | "truncated";

/** A log file that somebody else may write to, rename or truncate. */
export interface FollowedFile {
  /** The same for the same file, whatever its name. */
  readonly identity: string;
  /** Hands the next bytes there are to the reader. */
  readMore(): Promise<Look>;
  /** Closes it; its last line counts without a line end too where the file `isComplete`. */
  close(isComplete: boolean): Promise<void>;
}

/** Takes over an open file, from its beginning or its end. */
export async function followFile(
  file: FileHandle,
  reader: LogReader,
  { fromEnd }: { readonly fromEnd: boolean },
): Promise<FollowedFile> {
  const { dev, ino, size } = await file.stat({ bigint: true });
  const buffer = Buffer.allocUnsafe(TAIL_BYTES + CHUNK_BYTES);
  const tail = Buffer.alloc(TAIL_BYTES);
  let tailBytes = 0;
  let position = 0;
  if (fromEnd) {
    // Behind the last line end: the line under way is still to come.
    const from = Math.max(0, Number(size) - CHUNK_BYTES);
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, from);
    const length = buffer.lastIndexOf(LINE_FEED, bytesRead - 1) + 1;
    position = from + length;
    keepTail(length);
  }

  function keepTail(end: number): void {
    tailBytes = Math.min(TAIL_BYTES, end);
    buffer.copy(tail, 0, end - tailBytes, end);
  }

  function beginAnew(): Look {
    position = 0;
    tailBytes = 0;
    reader.reset();
    return "truncated";
  }

  return {
    identity: `${dev}:${ino}`,

    async readMore() {
      // A file may be truncated and have grown past this place again: then other bytes stand before it.
      const { bytesRead } = await file.read(buffer, 0, tailBytes + CHUNK_BYTES, position - tailBytes);
      const isSame = bytesRead >= tailBytes && tail.compare(buffer, 0, tailBytes, 0, tailBytes) === 0;
      if (!isSame) return beginAnew();
      if (bytesRead === tailBytes) return "end";
      position += bytesRead - tailBytes;
      reader.push(buffer.subarray(tailBytes, bytesRead));
      keepTail(bytesRead);
      return "read";
    },

    async close(isComplete) {
      if (isComplete) reader.end();
      await file.close();
    },
  };
}
