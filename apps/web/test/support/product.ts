import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ChildEnvironment, freePort, scratchFolder, startProcess } from "@presence/testkit";

const API = join(import.meta.dirname, "../../../api/src/main.ts");

/** The real server, as its own process. */
export interface Product {
  readonly url: string;
  readonly dataDir: string;
  /** The admin token of embedded mode; the tests' own where Redis is used. */
  readonly token: string;
  readonly stop: () => Promise<void>;
}

/** An admin token for servers that do not make their own. */
const PRODUCT_TOKEN = "the-admin-token-of-the-browser-tests";

/**
 * Starts the API from its sources on a free port; embedded unless `env` names a Redis. `prepare` is called with
 * its data directory before.
 */
export async function startProduct(
  env: ChildEnvironment = {},
  prepare: (dataDir: string) => Promise<void> = async () => {},
): Promise<Product> {
  const port = await freePort();
  const folder = await scratchFolder("product");
  await prepare(folder.path);
  const isEmbedded = env["REDIS_URL"] === undefined;
  const api = await startProcess(process.execPath, ["--conditions=@presence/source", API], {
    env: {
      PORT: String(port),
      PRESENCE_DATA_DIR: folder.path,
      PRESENCE_TRUSTED_PROXIES: "loopback",
      ...(isEmbedded ? {} : { PRESENCE_ADMIN_TOKENS: PRODUCT_TOKEN }),
      ...env,
    },
    ready: /Presence is listening/,
  });
  const token = isEmbedded
    ? (await readFile(join(folder.path, "admin-token"), "utf8")).trim()
    : PRODUCT_TOKEN;
  return {
    url: `http://localhost:${port}`,
    dataDir: folder.path,
    token,
    async stop() {
      await api.stop();
      await folder.remove();
    },
  };
}

/** Sends the server one request of each of `addresses`, as a proxy would pass them on. */
export async function visitFrom(url: string, addresses: readonly string[]): Promise<void> {
  const waiting = [...addresses];
  const connection = async () => {
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
      // One request after the other on each of a few connections.
      // oxlint-disable-next-line no-await-in-loop
      await fetch(`${url}/mirror/`, { headers: { "x-forwarded-for": address } });
    }
  };
  await Promise.all(Array.from({ length: 20 }, connection));
}

/** `amount` addresses, each once. */
export function someAddresses(amount: number): string[] {
  return Array.from(
    { length: amount },
    (_, index) => `198.51.${100 + Math.floor(index / 250)}.${index % 250}`,
  );
}
