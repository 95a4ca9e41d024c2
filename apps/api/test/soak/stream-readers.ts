import { Agent, get, type IncomingMessage } from "node:http";

/** Readers of the count as it changes. */
export interface StreamReaders {
  readonly open: number;
  /** Events each reader has been told so far, the fewest and the most. */
  told(): { readonly fewest: number; readonly most: number };
  close(): void;
}

/**
 * Opens `number` streams, each from an address of its own. All are told the same, so the first one's events are
 * read and handed to `onEvent`, the others' are counted.
 */
export function openStreamReaders(
  url: string,
  number: number,
  onEvent: (data: string) => void,
): StreamReaders {
  const agent = new Agent({ keepAlive: false });
  const told = new Uint32Array(number);
  const requests = Array.from({ length: number }, (_, reader) => {
    const headers = { "X-Forwarded-For": `192.168.${reader >>> 8}.${reader & 255}` };
    const request = get(`${url}/v1/online/stream`, { agent, headers }, (response: IncomingMessage) => {
      open += 1;
      let rest = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        const events = `${rest}${text}`.split("\n\n");
        rest = events.pop() ?? "";
        for (const event of events) {
          if (!event.startsWith("event: count\n")) continue;
          told[reader] = (told[reader] ?? 0) + 1;
          if (reader === 0) onEvent(event.slice(event.indexOf("data: ") + "data: ".length));
        }
      });
      response.on("close", () => (open -= 1));
    });
    // Seen by the number of those that are open.
    return request.on("error", () => {});
  });
  let open = 0;
  return {
    get open() {
      return open;
    },
    told: () => ({ fewest: Math.min(...told), most: Math.max(...told) }),
    close: () => requests.forEach((request) => request.destroy()),
  };
}
