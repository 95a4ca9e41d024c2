import { createPresenceClient, type PresenceClient } from "@presence/client";
import { describe, expect, it } from "vitest";
import { ADMIN_TOKEN, INGEST_TOKEN, startTestApi, type TestApi } from "./support/api.ts";

/** A client of the API for each role; the one without a token does not ask twice. */
function clientsOf({ url }: TestApi): Readonly<Record<"admin" | "ingest" | "anyone", PresenceClient>> {
  return {
    admin: createPresenceClient({ url, token: ADMIN_TOKEN }),
    ingest: createPresenceClient({ url, token: INGEST_TOKEN }),
    anyone: createPresenceClient({ url, retries: 0 }),
  };
}

describe("the client and the API", () => {
  it("agree on every answer", async () => {
    const api = await startTestApi({
      env: { PRESENCE_PUBLIC: "count,history", PRESENCE_CHANNELS: "site,page:*" },
    });
    const { admin, ingest, anyone } = clientsOf(api);
    const at = new Date(api.deps.presence.store.nowMs() - 1_000).toISOString();
    const addresses = Array.from({ length: 5 }, (_, i) => ({ ip: `203.0.113.${i}`, at }));
    const bad = { ip: "1.2.3.4.5" };
    expect(await ingest.sightings({ sightings: [...addresses, bad] })).toEqual({
      accepted: 5,
      rejected: [{ index: 5, code: "PRESENCE_INVALID_ADDRESS" }],
    });
    expect(await anyone.userOnline()).toMatchObject({ num: 5 });
    expect(await anyone.online({ window: 30 })).toMatchObject({ count: 5, windowSeconds: 30, stale: false });
    expect(await anyone.heartbeat({ channel: "page:/pricing" })).toMatchObject({
      channel: "page:/pricing",
      count: 1,
    });
    expect(await admin.channels({ prefix: "page:" })).toMatchObject({ total: 1 });

    const listed: string[] = [];
    for await (const { visitors } of admin.allVisitors({ limit: 2 }))
      listed.push(...visitors.map(({ visitor }) => visitor));
    expect(listed).toEqual(addresses.map(({ ip }) => ip));
    expect((await admin.visitors({ limit: 1 })).nextCursor).toEqual(expect.any(String));
    expect(await admin.forget({ visitors: ["203.0.113.0", "nobody"] })).toEqual({ forgotten: 1 });
    expect(await admin.prune({ dryRun: true })).toMatchObject({ removed: 0, remaining: 0 });
    expect(await admin.prune()).toMatchObject({ removed: 0 });

    for await (const update of anyone.stream()) {
      expect(update).toMatchObject({ event: "count", data: { channel: "site", count: 4 } });
      break;
    }
    expect((await anyone.history({ step: "minute" })).points.length).toBeGreaterThan(0);
    expect(await anyone.peaks()).toMatchObject({ channel: "site" });
    expect(await admin.resetPeak({ reason: "ein Lasttest" })).toMatchObject({ channel: "site" });
    expect(await anyone.uniques({ days: 2 })).toMatchObject({ channel: "site" });
    expect(await admin.jobs()).toMatchObject({ runner: expect.any(String) });
    expect(await admin.diagnostics()).toMatchObject({ findings: expect.any(Array) });
    expect(await anyone.live()).toEqual({ status: "live" });
    expect(await anyone.ready()).toEqual({ status: "ready", store: "ok" });
    expect((await anyone.openApi()).paths).toHaveProperty(["/v1/online"]);
  });

  it("agree on what is refused: the code, the words, and that nothing is tried twice", async () => {
    const api = await startTestApi();
    const { admin, ingest, anyone } = clientsOf(api);
    const refusals = {
      PRESENCE_UNAUTHORIZED: anyone.visitors(),
      PRESENCE_FORBIDDEN: ingest.visitors(),
      PRESENCE_INVALID_WINDOW: anyone.online({ window: 61 }),
      PRESENCE_CHANNEL_NOT_ALLOWED: anyone.online({ channel: "page:/secret" }),
      PRESENCE_INVALID_CURSOR: admin.visitors({ cursor: "made-up" }),
      PRESENCE_INVALID_LIMIT: admin.visitors({ limit: 10_000_000 }),
      PRESENCE_INVALID_VISITOR: admin.forget({ visitors: [""] }),
    };
    for (const [code, call] of Object.entries(refusals)) {
      await expect(call).rejects.toMatchObject({ kind: "refused", code, problem: { code } });
    }
    await expect(anyone.stream({ channel: "page:/secret" }).next()).rejects.toMatchObject({
      code: "PRESENCE_CHANNEL_NOT_ALLOWED",
    });
  });
});
