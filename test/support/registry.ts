import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import { run } from "./programs.ts";

/** A package as somebody published it. */
export interface PublishedPackage {
  readonly name: string;
  readonly publishedMs: number;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A server of one's own on this machine. */
export interface LocalServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves HTTP on a free port. */
export async function serve(listener: RequestListener): Promise<LocalServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A registry that has version 1.0.0 of these packages and nothing else. */
export async function startRegistry(published: readonly PublishedPackage[]): Promise<LocalServer> {
  const packed = new Map(
    await Promise.all(published.map(async (each) => [each.name, await pack(each)] as const)),
  );
  return serve((request, response) => {
    const [name = "", isTarball] = (request.url ?? "").slice(1).split("/-/");
    const found = packed.get(decodeURIComponent(name));
    if (found === undefined) return void response.writeHead(404).end("{}");
    if (isTarball !== undefined) return void response.end(found.tarball);
    const { manifest, publishedMs, tarball } = found;
    const at = new Date(publishedMs).toISOString();
    const dist = {
      tarball: `http://${request.headers.host}/${name}/-/${name}-1.0.0.tgz`,
      integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}`,
    };
    response.setHeader("Content-Type", "application/json");
    response.end(
      JSON.stringify({
        name: manifest.name,
        "dist-tags": { latest: "1.0.0" },
        time: { created: at, modified: at, "1.0.0": at },
        versions: { "1.0.0": { ...manifest, hasInstallScript: manifest.scripts !== undefined, dist } },
      }),
    );
  });
}

async function pack({ name, publishedMs, scripts }: PublishedPackage) {
  const manifest = { name, version: "1.0.0", ...(scripts === undefined ? {} : { scripts }) };
  const { path, remove } = await scratchFolder("published");
  try {
    await mkdir(join(path, "package"));
    await writeFile(join(path, "package/package.json"), JSON.stringify(manifest));
    const { code, stderr } = await run("tar", ["-czf", "package.tgz", "package"], { cwd: path });
    if (code !== 0) throw new Error(stderr);
    return { manifest, publishedMs, tarball: await readFile(join(path, "package.tgz")) };
  } finally {
    await remove();
  }
}
