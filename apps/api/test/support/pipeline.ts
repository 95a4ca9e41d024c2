import { connect } from "node:net";

const STATUS_LINE = /HTTP\/1\.1 (\d{3})/g;

/** The server takes so many of one connection before it has answered the first. */
const AT_A_TIME = 100;

/**
 * Sends a request to `/mirror/` for each of `headers`, all over one connection and many at a time, and resolves with
 * how many were answered 204. Thousands take a moment.
 *
 * @param localAddress Where the connection comes from, such as another address of loopback.
 */
export async function mirrorAll(
  url: string,
  headers: readonly string[],
  localAddress?: string,
): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect({
    host: hostname,
    port: Number(port),
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  const requests = headers.map((header, i) => {
    const last = i === headers.length - 1 ? "Connection: close\r\n" : "";
    return `GET /mirror/ HTTP/1.1\r\nHost: presence\r\n${header}\r\n${last}\r\n`;
  });
  let answers = "";
  let sent = 0;
  const statuses = (): readonly string[] =>
    [...answers.matchAll(STATUS_LINE)].map(([, status = ""]) => status);
  const sendMore = (): void => {
    const more = requests.slice(sent, sent + AT_A_TIME);
    sent += more.length;
    socket.write(more.join(""));
  };
  socket.setEncoding("latin1").on("data", (part: string) => {
    answers += part;
    if (statuses().length === sent) sendMore();
  });
  const ended = new Promise<void>((resolve, reject) => {
    socket.on("end", resolve).on("error", reject);
  });
  sendMore();
  await ended;
  return statuses().filter((status) => status === "204").length;
}
