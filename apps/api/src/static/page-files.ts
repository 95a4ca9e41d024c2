import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { gzipSync } from "node:zlib";

/** One file, as it is sent. */
export interface PageFile {
  readonly mediaType: string;
  readonly body: Buffer;
  /** The body under gzip; `null` for what is packed already. */
  readonly gzipped: Buffer | null;
  /** Changes with the body. */
  readonly version: string;
}

/** The files of a folder by their path in it, with `/` between folders. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ico": "image/x-icon",
};
const PACKED_ALREADY = [".ico"];

/**
 * Reads a folder of built pages into memory; one that is not there is empty. What is served is looked up in here and
 * never on the disk, so that no path of a request leads anywhere else.
 */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const names = await namesIn(folder);
  const served = names.filter((name) => extname(name) in MEDIA_TYPES);
  const entries = served.map(async (name) => {
    const zipped = names.includes(`${name}.gz`) ? `${name}.gz` : null;
    return [name.replaceAll(sep, "/"), await readPageFile(folder, name, zipped)] as const;
  });
  return new Map(await Promise.all(entries));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

async function readPageFile(folder: string, name: string, zipped: string | null): Promise<PageFile> {
  const extension = extname(name);
  const body = await readFile(join(folder, name));
  const pack = async () => (zipped === null ? gzipSync(body) : readFile(join(folder, zipped)));
  return {
    mediaType: MEDIA_TYPES[extension] ?? "application/octet-stream",
    body,
    gzipped: PACKED_ALREADY.includes(extension) ? null : await pack(),
    version: createHash("sha256").update(body).digest("base64url").slice(0, 22),
  };
}
