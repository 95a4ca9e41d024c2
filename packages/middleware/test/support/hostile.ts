import { connect } from "node:net";

const END = "Host: x\r\nConnection: close\r\n\r\n";
const forwarded = (text: string): string => `GET / HTTP/1.1\r\nX-Forwarded-For: ${text}\r\n${END}`;

/** Heads that nobody sends who means well, each a whole request; a broken URL is not among them, which ends connect. */
export const HOSTILE_REQUESTS: Readonly<Record<string, string>> = {
  "an address of 6,000 characters": forwarded("a".repeat(6_000)),
  "900 addresses": forwarded("1.1.1.1,".repeat(900)),
  "6,000 commas": forwarded(",".repeat(6_000)),
  "200 lines of addresses": `GET / HTTP/1.1\r\n${"X-Forwarded-For: 203.0.113.1\r\n".repeat(200)}${END}`,
  "open brackets": forwarded("[[[[[["),
  "bytes that are no text": forwarded("\u00ff\u00fe"),
  "names of an object's own": `GET /?__proto__=1&constructor HTTP/1.1\r\n__proto__: x\r\nconstructor: y\r\n${END}`,
  "a user agent of 6,000 characters": `GET / HTTP/1.1\r\nUser-Agent: ${"Mozilla/5.0 (".repeat(460)}\r\n${END}`,
  "a path above all": `GET /../../etc/passwd HTTP/1.1\r\n${END}`,
  "a path with half a character": `GET /%zz%00 HTTP/1.1\r\n${END}`,
  "a whole URL": `GET http://evil.example/json HTTP/1.1\r\n${END}`,
  "a star": `OPTIONS * HTTP/1.1\r\n${END}`,
  "another protocol": `GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n`,
};

/** The status that is answered to `text`, or that the connection was closed without one. */
export function statusOf(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let received = "";
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.setEncoding("latin1").on("data", (part: string) => void (received += part));
  socket
    .on("error", () => {})
    .on("close", () => resolve(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? "closed"));
  socket.write(text, "latin1");
  return promise;
}
