import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type MongoServer, startMongo } from "../src/index.ts";

describe("startMongo", () => {
  let server: MongoServer;
  const clients: MongoClient[] = [];
  beforeAll(async () => {
    server = await startMongo();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });
  afterAll(async () => server.stop());

  function open(url: string, options = {}): MongoClient {
    const client = new MongoClient(url, options);
    clients.push(client);
    return client;
  }

  it("gives each caller a database of its own", async () => {
    const [one, other] = [open(server.freshDatabase()).db(), open(server.freshDatabase()).db()];
    await one.collection("things").insertOne({ a: 1 });
    expect(await one.collection("things").countDocuments()).toBe(1);
    expect(await other.collection("things").countDocuments()).toBe(0);
  });

  it("refuses a second document under a unique index", async () => {
    const things = open(server.freshDatabase()).db().collection("things");
    await things.createIndex({ name: 1, type: 1 }, { unique: true });
    await things.insertOne({ name: "prune", type: "single" });
    await expect(things.insertOne({ name: "prune", type: "single" })).rejects.toMatchObject({ code: 11_000 });
  });

  it("keeps through a kill what it acknowledged", async () => {
    const url = server.freshDatabase();
    await open(url).db().collection("things").insertOne({ a: 1 });
    const before = server.pid;
    await server.kill();
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await open(url).db().collection("things").countDocuments()).toBe(1);
  });

  it("answers nothing while paused and everything after", async () => {
    const url = server.freshDatabase();
    await server.pause();
    const hasty = open(url, { serverSelectionTimeoutMS: 300 });
    await expect(hasty.db().command({ ping: 1 })).rejects.toThrow(/selection|timed out/i);
    await server.resume();
    await expect(open(url).db().command({ ping: 1 })).resolves.toMatchObject({ ok: 1 });
  });
});
