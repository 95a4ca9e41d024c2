import type { IncomingMessage } from "node:http";
import getRawBody from "raw-body";
import { ProblemError, refuse } from "./problem.ts";

/** Bodies come in pieces: some whatever they bring, and one more for each of so many bytes. */
const FREE_PIECES = 256;
const BYTES_A_PIECE = 64;

/**
 * Most values of a body: a sighting has five, and commas in its user agent. Eight megabytes of `[` would be half a
 * gigabyte of lists, and hold up everybody else for seconds.
 */
const MAX_VALUES = 320_000;
/** What a smaller body can hold costs less than 64 MB for a moment, and is not counted. */
const COUNTED_FROM_BYTES = 1024 * 1024;
const [LIST, OBJECT, COMMA] = [0x5b, 0x7b, 0x2c];

/** Options of {@link readJson}. */
export interface ReadJsonOptions {
  readonly maxBytes: number;
  /** Whether a request without a body is taken as `{}`. */
  readonly isOptional: boolean;
}

/**
 * Reads a JSON body of at most `maxBytes`.
 *
 * @throws {ProblemError} 415 for another media type (so that no form of another site can send it), 413 for a
 * larger body or more values than anybody has, 400 for one that is no JSON.
 */
export async function readJson(request: IncomingMessage, options: ReadJsonOptions): Promise<unknown> {
  if (options.isOptional && !hasBody(request)) return {};
  if (!isJson(request.headers["content-type"])) {
    throw refuse("PRESENCE_UNSUPPORTED_MEDIA_TYPE", "Send the body with Content-Type: application/json.");
  }
  if ((request.headers["content-encoding"] ?? "identity") !== "identity") {
    throw refuse("PRESENCE_UNSUPPORTED_MEDIA_TYPE", "Send the body without Content-Encoding.");
  }
  const text = await readText(request, options.maxBytes);
  if (text === "" && options.isOptional) return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuse("PRESENCE_INVALID_JSON", "The body is not JSON.");
  }
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  refuseCrumbs(request);
  try {
    const body = await getRawBody(request, {
      limit: maxBytes,
      length: request.headers["content-length"] ?? null,
    });
    if (countValues(body) > MAX_VALUES) {
      throw refuse("PRESENCE_BODY_TOO_LARGE", `The body may have at most ${MAX_VALUES} values.`);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    if (isTooLarge(error)) {
      // The rest is thrown away as it comes: a client that is cut off while it sends never reads the answer.
      request.resume();
      throw refuse("PRESENCE_BODY_TOO_LARGE", `The body may have at most ${maxBytes} bytes.`);
    }
    if (error instanceof ProblemError) throw error;
    if (error instanceof TypeError) throw refuse("PRESENCE_INVALID_JSON", "The body is not UTF-8.");
    throw refuse("PRESENCE_INVALID_REQUEST", "The body ended before it was complete.");
  }
}

/** A body of single bytes costs two hundred times its size: whoever sends it so is cut off. */
function refuseCrumbs(request: IncomingMessage): void {
  let pieces = 0;
  let bytes = 0;
  request.on("data", (piece: Buffer) => {
    pieces += 1;
    bytes += piece.length;
    if (pieces > FREE_PIECES + bytes / BYTES_A_PIECE) request.destroy();
  });
}

/** At least as many values as the JSON has; texts with commas have more. */
function countValues(body: Buffer): number {
  if (body.length < COUNTED_FROM_BYTES) return 0;
  let values = 0;
  for (const byte of body) if (byte === COMMA || byte === LIST || byte === OBJECT) values += 1;
  return values;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "type" in error && error.type === "entity.too.large";
}

function hasBody(request: IncomingMessage): boolean {
  const length = request.headers["content-length"];
  return request.headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(?:;.*)?$/i.test(contentType ?? "");
}
