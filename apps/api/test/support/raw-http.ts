import { connect, type Socket } from "node:net";
import { ProblemSchema, type Problem } from "@presence/api-contract";

/** One answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** What somebody with nothing but a socket sees. */
export interface RawClient extends Disposable {
  readonly socket: Socket;
  /** The whole answers so far; an interim one (100) is none. */
  answers(): readonly RawAnswer[];
  /** Whether the server has closed its side or broken off. */
  readonly isClosed: boolean;
}

/** Connects to the server at `url`, and reads all it says. */
export function rawClient(url: string): RawClient {
  const { hostname, port } = new URL(url);
  // It keeps its side open when the server closes the other one: nobody is polite here.
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
  let received = "";
  let isClosed = false;
  const close = (): void => void (isClosed = true);
  // Latin-1: a character is a byte, which lengths count in.
  socket.setEncoding("latin1").on("data", (text: string) => void (received += text));
  socket.on("end", close).on("close", close).on("error", close);
  return {
    socket,
    answers: () => parseAnswers(received),
    get isClosed() {
      return isClosed;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/**
 * The problem of an answer of 400 and more.
 *
 * @throws where it is none, or belongs to another status
 */
export function problemIn({ status, head, body }: RawAnswer): Problem {
  const problem = ProblemSchema.parse(JSON.parse(body));
  const isProblem = /^content-type: application\/problem\+json/im.test(head);
  if (problem.status !== status || !isProblem)
    throw new Error(`${status} is answered with\n${head}\n${body}`);
  return problem;
}

function parseAnswers(text: string): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== "";) {
    const headEnd = rest.indexOf("\r\n\r\n");
    if (headEnd === -1) break;
    const head = rest.slice(0, headEnd);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const bodyStart = headEnd + 4;
    if (rest.length < bodyStart + length) break;
    if (status !== 100) answers.push({ status, head, body: rest.slice(bodyStart, bodyStart + length) });
    // Without a length the answer goes on to the end: a stream.
    rest = /^content-type: text\/event-stream/im.test(head) ? "" : rest.slice(bodyStart + length);
  }
  return answers;
}
