import { describe, expect, it } from "vitest";
import { startApi } from "../support/api.ts";
import { visit } from "../support/site.ts";
import { snippetBelow, variablesOf } from "../support/snippets.ts";

const ENVIRONMENT = variablesOf(snippetBelow("docs/recipes/cloudflare.md", "Cloudflare in front", "sh"));

/** Who visits with Cloudflare's header, from a peer on this machine. */
async function onlineAfterVisits(env: Readonly<Record<string, string>>): Promise<number> {
  await using api = await startApi(env);
  for (const client of ["203.0.113.1", "203.0.113.2", "203.0.113.2"])
    await visit({ port: api.port, path: "/mirror/", headers: { "cf-connecting-ip": client } });
  return await api.online();
}

describe("Cloudflare's header", () => {
  it("is believed from the peers that are named, and from nobody else", async () => {
    expect(Object.keys(ENVIRONMENT)).toEqual(["PRESENCE_CLIENT_HEADER", "PRESENCE_TRUSTED_PROXIES"]);
    expect(await onlineAfterVisits(ENVIRONMENT)).toBe(1);
    expect(await onlineAfterVisits({ ...ENVIRONMENT, PRESENCE_TRUSTED_PROXIES: "loopback" })).toBe(2);
  });
});
