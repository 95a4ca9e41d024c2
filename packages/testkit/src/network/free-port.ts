import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/*
 * Below the range from which systems take the ports of outgoing connections: a server that is killed and started
 * again on such a port may find it taken, and a client that keeps trying it may even connect to itself.
 */
const FIRST_PORT = 10_240;
const LAST_PORT = 32_767;

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
