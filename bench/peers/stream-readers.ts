import { connect } from "node:net";

// Opens as many event streams as its second argument says at the address of its first, in a process of their own.
// Told `mark` on a line, it answers with how long it took until every stream had its next event, in milliseconds.
const [target = "", amount = "0"] = process.argv.slice(2);
const { hostname, port, pathname, search, host } = new URL(target);
const wanted = Number(amount);
const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/event-stream\r\n\r\n`;
const OPENING_AT_ONCE = 200;

let told = 0;
let markedMs: number | null = null;

function hear(chunk: string): void {
  if (!chunk.includes("event: count")) return;
  told += 1;
  if (told % wanted !== 0 || markedMs === null) return;
  process.stdout.write(`${JSON.stringify({ lastMs: performance.now() - markedMs })}\n`);
  markedMs = null;
}

function open(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setEncoding("latin1");
    socket.once("data", () => resolve());
    socket.on("data", hear);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("a stream was closed")));
  });
}

for (let opened = 0; opened < wanted; opened += OPENING_AT_ONCE) {
  const batch = Array.from({ length: Math.min(OPENING_AT_ONCE, wanted - opened) }, open);
  await Promise.all(batch);
}
process.stdout.write("open\n");
process.stdin.setEncoding("utf8").on("data", (text: string) => {
  if (!text.includes("mark")) return;
  told = 0;
  markedMs = performance.now();
  process.stdout.write("marked\n");
});
process.stdin.on("end", () => process.exit());
