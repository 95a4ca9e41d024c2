import { ROUTES, type VisitorPage } from "@presence/api-contract";
import { describe, expect, it } from "vitest";
import { createPresenceClient } from "../src/index.ts";
import { json, plain, startStagedServer } from "./support/staged-server.ts";

const PAGE: VisitorPage = ROUTES.listVisitors.answers[200].example;

describe("allVisitors", () => {
  it("asks page after page, oldest first, until there is no cursor", async () => {
    const server = await startStagedServer(page("a", "c1"), page("b", "c2"), page("c", null));
    expect(await namesOf(createPresenceClient({ url: server.url }).allVisitors({ channel: "site" }))).toEqual(
      ["a", "b", "c"],
    );
    expect(server.received.map(({ query }) => query)).toEqual([
      { channel: "site", order: "oldest", limit: "1000" },
      { channel: "site", order: "oldest", limit: "1000", cursor: "c1" },
      { channel: "site", order: "oldest", limit: "1000", cursor: "c2" },
    ]);
  });

  it("takes another order, limit and beginning", async () => {
    const server = await startStagedServer(page("a", null));
    const query = { order: "recent", limit: 7, cursor: "c9" } as const;
    await namesOf(createPresenceClient({ url: server.url }).allVisitors(query));
    expect(server.received[0]?.query).toEqual({ order: "recent", limit: "7", cursor: "c9" });
  });

  it("goes on after an empty page that has a cursor, and asks nothing before it is read", async () => {
    const server = await startStagedServer(
      json({ ...PAGE, visitors: [], nextCursor: "c1" }),
      page("b", null),
    );
    const pages = createPresenceClient({ url: server.url }).allVisitors();
    expect(server.received).toEqual([]);
    expect(await namesOf(pages)).toEqual(["b"]);
  });

  it("stops asking when the reader has enough", async () => {
    const server = await startStagedServer(page("a", "c1"));
    for await (const { visitors } of createPresenceClient({ url: server.url }).allVisitors()) {
      expect(visitors).toHaveLength(1);
      break;
    }
    expect(server.received).toHaveLength(1);
  });

  it("ends with the error of the page that failed, and asks the passing ones again", async () => {
    const server = await startStagedServer(page("a", "c1"), plain("", 503), page("b", "c2"), plain("", 400));
    const pages = createPresenceClient({ url: server.url, retryBaseMs: 1 }).allVisitors();
    expect((await pages.next()).value?.visitors[0]?.visitor).toBe("a");
    expect((await pages.next()).value?.visitors[0]?.visitor).toBe("b");
    await expect(pages.next()).rejects.toMatchObject({ status: 400 });
    expect(await pages.next()).toEqual({ done: true, value: undefined });
  });
});

function page(visitor: string, nextCursor: string | null) {
  const [example] = PAGE.visitors;
  return json({ ...PAGE, visitors: [{ ...example, visitor }], nextCursor });
}

async function namesOf(pages: AsyncIterable<VisitorPage>): Promise<string[]> {
  const names: string[] = [];
  for await (const { visitors } of pages) names.push(...visitors.map(({ visitor }) => visitor));
  return names;
}
