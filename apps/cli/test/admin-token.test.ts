import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { isLoopback } from "../src/source/admin-token.ts";
import { cli } from "./support/cli.ts";

describe("the admin token that a server keeps on this machine", () => {
  it("is sent to this machine by its loopback address, and nowhere else", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const folder = await scratchFolder("token");
    await writeFile(join(folder.path, "admin-token"), "an-admin-token\n", { mode: 0o600 });
    const forget = (host: string) =>
      cli(["forget", "a", "--url", `http://${host}:${port}`], { env: { PRESENCE_DATA_DIR: folder.path } });

    await forget("127.0.0.1");
    // The same server, under an address that does not say so.
    await forget("0.0.0.0");
    expect(seen).toEqual(["Bearer an-admin-token", undefined]);
    server.close();
    await folder.remove();
  });

  it.each([
    ["http://localhost:3000", true],
    ["http://LOCALHOST", true],
    ["https://api.localhost", true],
    ["http://127.0.0.1:3000/presence", true],
    ["http://127.8.9.10", true],
    ["http://[::1]:3000", true],
    ["http://localhost.example.com", false],
    ["http://127.0.0.1.example.com", false],
    ["http://127.0.0.1@example.com", false],
    ["http://example.com/127.0.0.1", false],
    ["http://10.0.0.1", false],
    ["http://[::ffff:127.0.0.1]", false],
    ["no url", false],
  ])("knows whether %s is this machine: %s", (url, expected) => {
    expect(isLoopback(url)).toBe(expected);
  });
});
