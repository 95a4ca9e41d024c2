import { waitUntil } from "@presence/testkit";
import { expect, it } from "vitest";
import { launchAbusedApi, PATIENCE_MS, seeUnhurt } from "../support/abused-api.ts";
import { rawClient } from "../support/raw-http.ts";

const OPEN_FILES = 300;
/** What of them is left to clients. */
const CONNECTIONS = 172;

it("has no more connections than its files allow, says so, and idle ones make room for whoever asks", async () => {
  await using api = await launchAbusedApi({}, OPEN_FILES);
  expect(api.process.output).toMatch(new RegExp(`"level":"warn".*"connections":${CONNECTIONS},.*ulimit -n`));
  const clients = Array.from({ length: 2 * CONNECTIONS }, () => rawClient(api.url));
  for (const { socket } of clients) socket.write("GET /mirror/ HTTP/1.1\r\nHost: x\r\n\r\n");
  await waitUntil(() => clients.every((client) => client.isClosed || client.answers().length > 0), {
    timeoutMs: PATIENCE_MS,
    what: "an answer or an end of every connection",
  });
  await waitUntil(async () => (await fetch(`${api.url}/v1/online`)).status === 200, {
    timeoutMs: PATIENCE_MS,
    what: "an answer to somebody new",
  });
  for (const client of clients) client[Symbol.dispose]();
  await waitUntil(async () => (await api.metric("process_open_fds")) < CONNECTIONS / 2, {
    timeoutMs: PATIENCE_MS,
    what: "the connections' end",
  });
  await seeUnhurt(api, 150);
});
