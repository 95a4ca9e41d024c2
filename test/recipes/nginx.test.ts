import { rename } from "node:fs/promises";
import { join } from "node:path";
import { freePort, NGINX, startNginx, waitUntil } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { startApi } from "../support/api.ts";
import { openShell } from "../support/shell.ts";
import { loopbackAddress, startSite, visit } from "../support/site.ts";
import { adapted, snippetBelow } from "../support/snippets.ts";

const DOCUMENT = "docs/recipes/nginx.md";
const INGEST_TOKEN = "ingest-token-of-at-least-32-characters";
const ADMIN_TOKEN = "admin-token-of-at-least-32-characters";

describe.skipIf(NGINX === null)("the access log of nginx", () => {
  it("is counted as it grows, and after it was rotated", async () => {
    await using api = await startApi({ PRESENCE_INGEST_TOKENS: INGEST_TOKEN });
    await using site = await startSite();
    const port = await freePort();
    const settings = `server { listen 127.0.0.1:${port}; access_log access.log; location / { proxy_pass http://127.0.0.1:${site.port}; } }`;
    await using nginx = await startNginx(settings, port);
    const log = join(nginx.folder, "access.log");
    await using shell = await openShell();
    const command = adapted(snippetBelow(DOCUMENT, "Its access log", "sh"), {
      "/var/log/nginx/access.log": log,
    });
    await shell.start(command, { env: { PRESENCE_URL: api.url, PRESENCE_TOKEN: INGEST_TOKEN } });
    const visitAll = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i += 1) await visit({ port, from: loopbackAddress(i) });
    };

    await visitAll(0, 200);
    await waitUntil(async () => (await api.online()) === 200);
    await rename(log, `${log}.1`);
    nginx.process.signal("SIGUSR1");
    await visitAll(100, 300);
    await waitUntil(async () => (await api.online()) === 300);
  });
});

describe.skipIf(NGINX === null)("nginx in front of Presence", () => {
  it("passes on who the client is, and counts as they change", async () => {
    await using api = await startApi({ PRESENCE_TRUSTED_PROXIES: "loopback" });
    const port = await freePort();
    const settings = adapted(snippetBelow(DOCUMENT, "In front of Presence", "nginx"), {
      "listen 80": `listen 127.0.0.1:${port}`,
      "127.0.0.1:3000": `127.0.0.1:${api.port}`,
    });
    await using nginx = await startNginx(settings, port);
    const stream = await fetch(`http://127.0.0.1:${nginx.port}/v1/online/stream`);
    const reader = (stream.body ?? new ReadableStream<Uint8Array>())
      .pipeThrough(new TextDecoderStream())
      .getReader();
    let told = "";
    const toldOf = async (count: number): Promise<void> => {
      while (!told.includes(`"count":${count},`)) told += (await reader.read()).value ?? "";
    };
    await toldOf(0);
    for (const from of ["127.0.0.5", "127.0.0.6"]) await visit({ port, path: "/a-page", from });
    await toldOf(2);
    expect(told).toContain("event: count");
    await reader.cancel();
  });

  it("finds the client behind a balancer, and not what the client says of itself", async () => {
    await using api = await startApi({
      PRESENCE_TRUSTED_PROXIES: "loopback",
      PRESENCE_ADMIN_TOKENS: ADMIN_TOKEN,
    });
    await using site = await startSite();
    const port = await freePort();
    const realip = adapted(snippetBelow(DOCUMENT, "What to trust", "nginx"), { "10.0.0.0/8": "127.0.0.0/8" });
    const mirror = adapted(snippetBelow(DOCUMENT, "A copy of each request", "nginx"), {
      "listen 80": `listen 127.0.0.1:${port}`,
      "127.0.0.1:8080": `127.0.0.1:${site.port}`,
      "127.0.0.1:3000": `127.0.0.1:${api.port}`,
    });
    await using nginx = await startNginx(`${realip}\n${mirror}`, port);
    for (const client of ["203.0.113.1", "203.0.113.2"]) {
      await visit({ port: nginx.port, headers: { "x-forwarded-for": `6.6.6.6, ${client}, 127.0.0.9` } });
    }
    await waitUntil(async () => (await api.online()) === 2);
    const answer = await fetch(`${api.url}/v1/online/visitors`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    const { visitors } = (await answer.json()) as {
      readonly visitors: readonly { readonly visitor: string }[];
    };
    expect(visitors.map(({ visitor }) => visitor).toSorted()).toEqual(["203.0.113.1", "203.0.113.2"]);
  });
});
