import { describe, expect, it } from "vitest";
import { createMemoryStore, PresenceError, type PresenceStore } from "@presence/core";
import { bearer, INGEST_TOKEN, startTestApi, type TestApi } from "../support/api.ts";
import { codes, finding, look } from "../support/diagnostics.ts";

const send = (api: TestApi, sightings: readonly unknown[]): Promise<Response> =>
  api.post("/v1/sightings", { sightings }, bearer(INGEST_TOKEN));

describe("visits that are not counted", () => {
  it("are found where the buffer is full", async () => {
    const store = createMemoryStore();
    const record: PresenceStore["record"] = () =>
      Promise.reject(new PresenceError("PRESENCE_STORE_UNAVAILABLE", "away"));
    const api = await startTestApi({ store: { ...store, record }, env: { PRESENCE_BUFFER_VISITORS: "2" } });
    for (const host of [1, 2, 3, 4, 5]) await api.visit(`203.0.113.${host}`);
    expect(await finding(api, "sightings-dropped")).toMatchObject({
      severity: "fail",
      detail: expect.stringMatching(/^3 visitors were dropped while PRESENCE_BUFFER_VISITORS \(2\)/),
    });
    expect((await look(api)).tally).toMatchObject({ dropped: 3, refused: 0 });
  });

  it("are found where the key to hash with is missing", async () => {
    const store = createMemoryStore();
    let isAway = false;
    const identityKey: PresenceStore["identityKey"] = async (day) => {
      if (isAway) throw new PresenceError("PRESENCE_STORE_UNAVAILABLE", "away");
      return store.identityKey(day);
    };
    const api = await startTestApi({
      store: { ...store, identityKey, nowMs: () => store.nowMs() + (isAway ? 3 * 86_400_000 : 0) },
      env: { PRESENCE_IDENTITY: "hashed" },
    });
    isAway = true;
    await api.visit("203.0.113.1");
    expect((await finding(api, "identity-key-missing")).detail).toContain("1 visit was not counted");
  });

  it("are found where channels are too many, or others than PRESENCE_CHANNELS has", async () => {
    const api = await startTestApi({ env: { PRESENCE_CHANNELS: "page:*", PRESENCE_CHANNELS_MAX: "1" } });
    await send(
      api,
      ["page:/a", "page:/b", "shop"].map((channel) => ({ visitor: "somebody", channel })),
    );
    expect((await finding(api, "channels-full")).detail).toContain("PRESENCE_CHANNELS_MAX (1)");
    expect((await finding(api, "channels-not-allowed")).remedy).toContain("now page:*");
  });

  it("are found where they come too late or too early", async () => {
    const api = await startTestApi();
    const at = (offsetMs: number): string => new Date(Date.now() + offsetMs).toISOString();
    await send(
      api,
      [-3_600_000, -120_000, 60_000].map((offsetMs) => ({ visitor: "somebody", at: at(offsetMs) })),
    );
    expect((await finding(api, "sightings-out-of-time")).detail).toContain(
      "2 were older than the window and 1 more",
    );
  });

  it("are none where all is well", async () => {
    const api = await startTestApi();
    await send(api, [{ ip: "203.0.113.1" }]);
    expect(await codes(api)).toEqual([]);
  });
});
