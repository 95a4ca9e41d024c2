import { freePort, type Nginx, NGINX, startNginx, waitUntil } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { startApi } from "../support/api.ts";
import { loopbackAddress, oneConnection, startSite, visit } from "../support/site.ts";
import { adapted, snippetBelow, variablesOf } from "../support/snippets.ts";
import { startWireTap } from "../support/wire-tap.ts";

const DOCUMENT = "docs/recipes/nginx.md";
const HEADING = "A copy of each request";
const ENVIRONMENT = variablesOf(snippetBelow(DOCUMENT, HEADING, "sh"));

/** nginx by the document's settings, between the site and Presence. */
async function startMirror(sitePort: number, presencePort: number): Promise<Nginx> {
  const port = await freePort();
  const settings = adapted(snippetBelow(DOCUMENT, HEADING, "nginx"), {
    "listen 80": `listen 127.0.0.1:${port}`,
    "127.0.0.1:8080": `127.0.0.1:${sitePort}`,
    "127.0.0.1:3000": `127.0.0.1:${presencePort}`,
  });
  return startNginx(settings, port);
}

describe.skipIf(NGINX === null)("nginx with a mirror", () => {
  it("counts 300 addresses of 1,000 requests, by an API that serves none of them and learns nothing else", async () => {
    await using site = await startSite();
    await using api = await startApi(ENVIRONMENT);
    await using tap = await startWireTap(api.port);
    await using nginx = await startMirror(site.port, tap.port);
    const paths = ["/", "/v1/users", "/assets/a.js", "/metrics"];
    const headers = {
      cookie: "session=cookie-secret",
      authorization: "Bearer auth-secret",
      "x-api-key": "key-secret",
    };
    for (let i = 0; i < 1_000; i += 1) {
      const answer = await visit({
        port: nginx.port,
        method: "POST",
        path: `${paths[i % paths.length] ?? ""}?token=query-secret`,
        headers,
        body: `body-secret ${i}`,
        from: loopbackAddress(i % 300),
      });
      expect(answer).toEqual({ status: 200, text: "the site" });
    }
    await waitUntil(async () => (await api.online()) === 300);

    // The site got everything; Presence an address and a user agent.
    expect(site.seen).toHaveLength(1_000);
    expect(site.seen[1]).toEqual({
      path: "/v1/users?token=query-secret",
      cookie: "session=cookie-secret",
      body: "body-secret 1",
    });
    const requests = tap.heard.split("\r\n\r\n").filter((head) => head !== "");
    expect(new Set(requests.map((head) => head.split("\r\n", 1)[0]))).toEqual(
      new Set(["GET /mirror/ HTTP/1.1"]),
    );
    expect(tap.heard).not.toMatch(/secret|cookie|authorization|api-key|users|assets|metrics/i);
  });

  it("serves the site as before while Presence hangs or is gone", async () => {
    await using site = await startSite();
    await using api = await startApi(ENVIRONMENT);
    await using nginx = await startMirror(site.port, api.port);
    using agent = oneConnection();
    const slowestOf = async (visits: number): Promise<number> => {
      let slowestMs = 0;
      for (let i = 0; i < visits; i += 1) {
        const startedMs = performance.now();
        expect(await visit({ port: nginx.port, agent })).toEqual({ status: 200, text: "the site" });
        slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      }
      return slowestMs;
    };
    await slowestOf(10);
    api.process.signal("SIGSTOP");
    const hangingMs = await slowestOf(10);
    api.process.signal("SIGCONT");
    await api.process.stop();
    const goneMs = await slowestOf(10);
    console.log(
      `slowest answer of the site: ${hangingMs.toFixed(0)} ms hanging, ${goneMs.toFixed(0)} ms gone`,
    );
    expect(Math.max(hangingMs, goneMs)).toBeLessThan(5_000);
  });
});
