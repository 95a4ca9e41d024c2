import { freePort, startFaultProxy, startMongo, waitUntil } from "@presence/testkit";
import { MongoClient } from "mongodb";
import { describe, expect, it } from "vitest";
import { connectMongoHistoryStore, createMongoHistoryStore, databaseOf } from "../../src/mongo.ts";

const AT_MS = Date.UTC(2026, 10, 24, 12);
const sample = { channel: "site", count: 7, atMs: AT_MS } as const;

describe("a MongoDB server that is away", () => {
  it("fails each call within seconds, and nothing else", { timeout: 60_000 }, async () => {
    const url = `mongodb://user:secret-word@127.0.0.1:${await freePort()}/history`;
    const history = connectMongoHistoryStore({ url });
    const away = {
      code: "PRESENCE_HISTORY_UNAVAILABLE",
      message: expect.not.stringContaining("secret-word"),
    };
    const startedMs = performance.now();
    await Promise.all([
      expect(history.addSample(sample)).rejects.toMatchObject(away),
      expect(history.peaks("site", AT_MS)).rejects.toMatchObject(away),
      expect(history.range("site", { step: "hour", fromMs: AT_MS, toMs: AT_MS + 1 })).rejects.toMatchObject(
        away,
      ),
      expect(history.retain(AT_MS)).rejects.toMatchObject(away),
    ]);
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    await history.close();
  });

  it(
    "is found again when it comes for the first time, its indexes made then",
    { timeout: 60_000 },
    async () => {
      await using mongo = await startMongo();
      await using proxy = await startFaultProxy({ targetPort: mongo.port });
      const url = `mongodb://127.0.0.1:${proxy.port}/history`;
      await proxy.mode("refuse");
      const history = connectMongoHistoryStore({ url });
      await expect(history.addSample(sample)).rejects.toMatchObject({ code: "PRESENCE_HISTORY_UNAVAILABLE" });
      await proxy.mode("pass");
      await waitUntil(
        () =>
          history.addSample(sample).then(
            () => true,
            () => false,
          ),
        { timeoutMs: 30_000 },
      );
      expect((await history.peaks("site", AT_MS)).today).toEqual({ count: 7, atMs: AT_MS });
      await history.close();
      await using client = await new MongoClient(url).connect();
      const uniqueKeys = async (name: string): Promise<unknown[]> =>
        (await client.db().collection(name).indexes()).filter(({ unique }) => unique).map(({ key }) => key);
      expect(await uniqueKeys("presence_samples")).toContainEqual({ channel: 1, step: 1, atMs: 1 });
      expect(await uniqueKeys("presence_peaks")).toContainEqual({ channel: 1, scope: 1 });
    },
  );
});

describe("a MongoDB server that goes away", () => {
  it("fails calls, and is found again without a restart", { timeout: 60_000 }, async () => {
    await using mongo = await startMongo();
    const history = connectMongoHistoryStore({ url: mongo.freshDatabase() });
    await history.addSample(sample);
    await mongo.kill();
    await expect(history.peaks("site", AT_MS)).rejects.toMatchObject({
      code: "PRESENCE_HISTORY_UNAVAILABLE",
    });
    await mongo.restart();
    const again = { ...sample, count: 9 };
    await waitUntil(
      () =>
        history.addSample(again).then(
          () => true,
          () => false,
        ),
      { timeoutMs: 30_000 },
    );
    expect((await history.peaks("site", AT_MS)).today?.count).toBe(9);
    await history.close();
  });
});

describe("a connection of the caller's", () => {
  it("stays open when the history over it is closed", async () => {
    await using mongo = await startMongo();
    await using client = await new MongoClient(mongo.url).connect();
    const history = createMongoHistoryStore({ db: client.db("presence") });
    await history.addSample(sample);
    await history.close();
    expect(await client.db("presence").collection("presence_samples").countDocuments({})).toBe(3);
  });
});

describe("a MongoDB URL", () => {
  it("names its database, else presence", () => {
    expect(databaseOf("mongodb://localhost/metrics?retryWrites=true")).toBe("metrics");
    expect(databaseOf("mongodb://a:1,b:2/with%20space")).toBe("with space");
    expect(databaseOf("mongodb+srv://user:p%2Fw@cluster.example")).toBe("presence");
    expect(databaseOf("mongodb://localhost:27017/?tls=true")).toBe("presence");
  });

  it("that the client cannot use is refused at once", () => {
    for (const url of [
      "redis://localhost",
      "mongodb://",
      "mongodb://user:p%w@localhost",
      "mongodb://localhost/?tls=maybe",
    ]) {
      expect(() => connectMongoHistoryStore({ url })).toThrow(
        expect.objectContaining({
          code: "PRESENCE_INVALID_OPTION",
          message: expect.not.stringContaining("p%w"),
        }),
      );
    }
  });
});
