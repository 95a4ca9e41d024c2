/** One event of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** What {@link createEventParser} finds. */
export interface EventHandlers {
  readonly onEvent: (event: ServerSentEvent) => void;
  /** The stream says how long to wait before connecting again, in milliseconds. */
  readonly onRetry: (retryMs: number) => void;
}

/** A reader of server-sent events, fed with text as it comes, in pieces of any size. */
export interface EventParser {
  /** Characters of the line and the event that are not complete yet. */
  readonly pending: number;
  push(text: string): void;
}

/**
 * Parses `text/event-stream` as the HTML standard says (section 9.2.6): lines end in CR, LF or both, an empty
 * line ends an event, an event without data is none, one that is not complete at the end is dropped.
 */
export function createEventParser({ onEvent, onRetry }: EventHandlers): EventParser {
  let buffer = "";
  let isFirst = true;
  let event = "";
  let data: string[] = [];
  let dataLength = 0;

  function dispatch(): void {
    if (data.length > 0) onEvent({ event: event === "" ? "message" : event, data: data.join("\n") });
    event = "";
    data = [];
    dataLength = 0;
  }

  function takeLine(line: string): void {
    if (line === "") return dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event = value;
    else if (field === "data") {
      data.push(value);
      dataLength += value.length;
    } else if (field === "retry" && /^\d{1,9}$/.test(value)) onRetry(Number(value));
  }

  return {
    get pending() {
      return buffer.length + dataLength;
    },
    push(text) {
      buffer += isFirst ? text.replace(/^\uFEFF/, "") : text;
      if (text !== "") isFirst = false;
      // A CR at the end waits: the LF that belongs to it may come with the next piece.
      const lines = buffer.split(/\r\n|\n|\r(?!$)/);
      buffer = lines.pop() ?? "";
      for (const line of lines) takeLine(line);
    },
  };
}
