import type { RedisServer } from "./server.ts";

/** One `CLUSTER` command over a connection of its own. */
export async function askOnce(node: RedisServer, ...args: readonly (string | number)[]): Promise<string> {
  const client = node.client({ commandTimeout: 2_000, maxRetriesPerRequest: 0, retryStrategy: () => null });
  try {
    return String(await client.call("CLUSTER", ...args));
  } finally {
    client.disconnect();
  }
}

/** A node as another one sees it. */
export interface NodeLine {
  readonly id: string;
  readonly port: number;
  readonly isMaster: boolean;
  readonly isDown: boolean;
  readonly masterId: string;
  /** First and last, both included. */
  readonly slots: readonly (readonly [number, number])[];
}

/** Reads `CLUSTER NODES`: id, address, flags, master, ping, pong, epoch, link, slots. */
export function parseNodes(text: string): readonly NodeLine[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [id = "", address = "", flags = "", masterId = "", , , , , ...slots] = line.split(" ");
      const words = flags.split(",");
      return {
        id,
        port: Number(/:(\d+)/.exec(address)?.[1]),
        isMaster: words.includes("master"),
        isDown: words.includes("fail") || words.includes("fail?") || words.includes("noaddr"),
        masterId,
        slots: slots.filter((range) => !range.startsWith("[")).map(parseRange),
      };
    });
}

function parseRange(text: string): readonly [number, number] {
  const [first = "", last = first] = text.split("-");
  return [Number(first), Number(last)];
}
