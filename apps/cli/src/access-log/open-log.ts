import { readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { CliError, EXIT, usageError } from "../errors.ts";
import { safeText } from "../output/safe-text.ts";

/** The bytes of a log, uncompressed. */
export interface OpenLog {
  /** Each chunk is true until the next one is asked for. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Bytes taken from the file so far, as they are there: for a progress bar. */
  readonly bytesRead: () => number;
  /** Size of the file when it was opened; `null` where it has none. */
  readonly bytes: number | null;
  close(): Promise<void>;
}

/** How a log is read. */
export interface OpenLogOptions {
  /**
   * Nothing else is to go on meanwhile: a file is read in this thread, which takes two thirds of the time, since what
   * is read is still in the processor's cache when it is looked at. @default false
   */
  readonly isAlone?: boolean;
}

const CHUNK_BYTES = 1 << 18;
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * Opens a log file, or standard input for `-`; what is gzip is unpacked.
 *
 * @throws {CliError} for a file that cannot be read.
 */
export async function openLog(
  path: string,
  stdin: Readable,
  { isAlone = false }: OpenLogOptions = {},
): Promise<OpenLog> {
  if (path === "-") {
    let read = 0;
    const chunks = (async function* () {
      for await (const chunk of stdin) {
        read += Buffer.byteLength(chunk);
        yield Buffer.from(chunk);
      }
    })();
    return {
      chunks: unpacked(chunks, "standard input"),
      bytes: null,
      bytesRead: () => read,
      // It may be read from no more, and would keep the program alive.
      close: async () => void stdin.destroy(),
    };
  }
  const file = await openFile(path);
  const stats = await file.stat();
  let read = 0;
  // What is no file on a disk, such as a pipe, may have nothing for as long as it likes.
  const chunks = fileChunks(file, isAlone && stats.isFile(), (bytes) => (read += bytes));
  return {
    chunks: unpacked(chunks, path),
    bytes: stats.size,
    bytesRead: () => read,
    close: () => file.close(),
  };
}

/** @throws {CliError} that says why not. */
export async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
    throw usageError(`${safeText(path)} is a directory, no log file.`);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "ENOENT") throw usageError(`There is no file ${safeText(path)}.`, error);
    throw new CliError(EXIT.failed, `${safeText(path)} cannot be read: ${error.message}.`, { cause: error });
  }
}

async function* fileChunks(
  file: FileHandle,
  isAlone: boolean,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const bytesRead = isAlone
      ? readSync(file.fd, buffer, 0, CHUNK_BYTES, null)
      : (await file.read(buffer, 0, CHUNK_BYTES, null)).bytesRead;
    if (bytesRead === 0) return;
    onRead(bytesRead);
    yield buffer.subarray(0, bytesRead);
  }
}

/** Passes plain bytes on as they are, and unpacks gzip, told by how it begins. */
async function* unpacked(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let isEnd = false;
  while (head.length < GZIP_MAGIC.length && !isEnd) {
    const { done, value } = await source.next();
    if (done === true) isEnd = true;
    else head = Buffer.concat([head, value]);
  }
  const rest = { [Symbol.asyncIterator]: () => source };
  const all = (async function* () {
    yield head;
    if (!isEnd) yield* rest;
  })();
  if (GZIP_MAGIC.every((byte, index) => head[index] === byte)) yield* gunzipped(all, name);
  else yield* all;
}

async function* gunzipped(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const [{ createGunzip }, { Readable }] = await Promise.all([import("node:zlib"), import("node:stream")]);
  // The unpacker keeps what it is handed until it has room, so that it gets a copy.
  const copies = (async function* () {
    for await (const chunk of chunks) yield Buffer.from(chunk);
  })();
  const packed = Readable.from(copies);
  const plain = createGunzip({ chunkSize: CHUNK_BYTES });
  packed.once("error", (error) => plain.destroy(error));
  try {
    for await (const chunk of packed.pipe(plain)) yield chunk;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))) throw error;
    throw new CliError(EXIT.failed, `The gzip data of ${safeText(name)} is damaged: ${error.message}.`, {
      cause: error,
    });
  }
}
