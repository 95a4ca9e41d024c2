import { connect } from "node:net";

/** One connection that carries one request at a time: a fraction of what Node's own client costs. */
export interface HttpConnection {
  readonly isOpen: boolean;
  /** Answers the status once the whole answer is there. Rejects with the reason as a short word. */
  send(request: string, timeoutMs: number): Promise<number>;
  destroy(): void;
}

interface Waiting {
  readonly resolve: (status: number) => void;
  readonly reject: (reason: Error) => void;
}

const HEAD_END = "\r\n\r\n";

/** Begins to connect at once; a request may be sent before it has. */
export function openHttpConnection(host: string, port: number): HttpConnection {
  const socket = connect({ host, port, noDelay: true });
  let received = "";
  let waiting: Waiting | null = null;
  let isOpen = true;

  function fail(reason: string): void {
    isOpen = false;
    socket.destroy();
    const failed = waiting;
    waiting = null;
    failed?.reject(new Error(reason));
  }

  // Latin-1: a character is a byte, which lengths count in.
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => {
    received += text;
    const answer = parseAnswer(received);
    if (answer === null) return;
    received = received.slice(answer.length);
    if (answer.isLast) isOpen = false;
    const answered = waiting;
    waiting = null;
    answered?.resolve(answer.status);
    if (answer.isLast) socket.destroy();
  });
  socket.on("error", (error) => fail("code" in error ? String(error.code) : error.message));
  socket.on("close", () => fail("closed"));

  return {
    get isOpen() {
      return isOpen;
    },
    async send(request, timeoutMs) {
      if (!isOpen) throw new Error("closed");
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      waiting = { resolve, reject };
      const late = setTimeout(() => fail("timeout"), timeoutMs);
      socket.write(request);
      return promise.finally(() => clearTimeout(late));
    },
    destroy: () => fail("closed"),
  };
}

interface Answer {
  readonly status: number;
  /** Head and body, in bytes. */
  readonly length: number;
  readonly isLast: boolean;
}

/** The first whole answer of what was received, or `null`. */
function parseAnswer(text: string): Answer | null {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = text.slice(0, headEnd).toLowerCase();
  const status = Number(head.slice(9, 12));
  const bodyStart = headEnd + HEAD_END.length;
  const isLast = head.includes("\r\nconnection: close");
  if (status === 204 || status === 304) return { status, length: bodyStart, isLast };
  const [, lengthText] = /\r\ncontent-length: *(\d+)/.exec(head) ?? [];
  if (lengthText !== undefined) {
    const length = bodyStart + Number(lengthText);
    return text.length < length ? null : { status, length, isLast };
  }
  const end = text.indexOf(`0${HEAD_END}`, bodyStart);
  return end === -1 ? null : { status, length: end + 1 + HEAD_END.length, isLast };
}
