import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onPath, pythonPackages, startRedis, waitUntil } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { startApi } from "../support/api.ts";
import { openShell } from "../support/shell.ts";
import { loopbackAddress, visit } from "../support/site.ts";
import { adapted, snippetsBelow } from "../support/snippets.ts";

const REDIS_PY = "redis==8.1.0";
const LISTENING = /listening on (\d+)/;

// IPv4 clients of an IPv6 socket, as a server for both families has them.
const SERVER = `
import socket
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from site_of_the_test import application


class DualStackServer(WSGIServer):
    address_family = socket.AF_INET6


server = DualStackServer(("::ffff:127.0.0.1", 0), WSGIRequestHandler)
server.set_app(application)
print("listening on", server.server_port, flush=True)
server.serve_forever()
`;

const ANSWER = `
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"the site"]
`;

/**
 * Each recipe's module, a site that does with a request what its framework does, and how many of five who came
 * while Redis was gone, two of them again afterwards, are in it then.
 */
const RECIPES = [
  {
    name: "the middleware for Django",
    module: adaptable("docs/recipes/django.md", "Django"),
    foundAgain: 2,
    site: `
from types import SimpleNamespace

from recipe import OnlineMiddleware

# Of a request Django's middleware takes META alone, which is the environment that WSGI has.
middleware = OnlineMiddleware(lambda request: None)


def application(environ, start_response):
    middleware(SimpleNamespace(META=environ))
${ANSWER}`,
  },
  {
    name: "the recorder for Flask and FastAPI",
    module: adaptable("docs/recipes/python.md", "Who was here"),
    foundAgain: 5,
    site: `
from recipe import saw


def application(environ, start_response):
    saw(environ["REMOTE_ADDR"])
${ANSWER}`,
  },
];

describe.skipIf(onPath("python3") === null).each(RECIPES)("$name", ({ module, site, foundAgain }) => {
  it("counts who is connected, whatever their headers say, and does without a Redis that hangs or is gone", async () => {
    await using redis = await startRedis();
    await using api = await startApi({ REDIS_URL: redis.url, PRESENCE_IPV6_PREFIX: "128" });
    await using shell = await openShell();
    await writeFile(join(shell.folder, "recipe.py"), module(redis.url));
    await writeFile(join(shell.folder, "site_of_the_test.py"), site);
    await writeFile(join(shell.folder, "server.py"), SERVER);
    const server = await shell.start("exec python3 server.py", {
      env: { PYTHONPATH: await pythonPackages("redis", [REDIS_PY]) },
      ready: LISTENING,
    });
    const port = Number(LISTENING.exec(server.stdout)?.[1]);
    const slowestOf = async (addresses: readonly string[]): Promise<number> => {
      let slowestMs = 0;
      for (const from of addresses) {
        const startedMs = performance.now();
        const answer = await visit({ port, from, headers: { "x-forwarded-for": "6.6.6.6" } });
        expect(answer).toEqual({ status: 200, text: "the site" });
        slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      }
      return slowestMs;
    };
    const addresses = Array.from({ length: 20 }, (_, index) => loopbackAddress(index));
    await slowestOf([...addresses, ...addresses]);
    await waitUntil(async () => (await api.online()) === 20);
    expect(await redis.client().zrange("onlines", "0", "-1")).toEqual(expect.arrayContaining(addresses));

    await redis.pause();
    const hangingMs = await slowestOf(addresses.slice(0, 5));
    await redis.resume();
    await redis.kill();
    const goneMs = await slowestOf(addresses.slice(0, 5));
    console.log(`slowest answer: ${hangingMs.toFixed(0)} ms hanging, ${goneMs.toFixed(0)} ms gone`);
    // A client of redis-py 8 with its own retries keeps each of them for seconds.
    expect(Math.max(hangingMs, goneMs)).toBeLessThan(2_000);

    await redis.restart();
    await slowestOf(addresses.slice(0, 2));
    await waitUntil(async () => (await redis.client().zcard("onlines")) === foundAgain);
  });
});

/** A recipe's module, for a Redis of the test's own. */
function adaptable(document: string, heading: string): (redisUrl: string) => string {
  const [snippet] = snippetsBelow(document, heading).filter(({ language }) => language === "python");
  if (snippet === undefined) throw new Error(`${document} has no Python below "${heading}"`);
  return (redisUrl) => adapted(snippet.text, { "redis://127.0.0.1:6379/0": redisUrl });
}
