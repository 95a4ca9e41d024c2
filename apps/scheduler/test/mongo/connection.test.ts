import { describe, expect, it } from "vitest";
import { databaseOf } from "../../src/mongo/connection.ts";

describe("databaseOf", () => {
  it.each([
    ["mongodb://127.0.0.1:27017/shop", "shop"],
    ["mongodb://a:1,b:2/shop?replicaSet=rs0", "shop"],
    ["mongodb+srv://user:p%40ss@cluster.example/my%20shop?w=majority", "my shop"],
    ["mongodb://127.0.0.1:27017", "presence"],
    ["mongodb://127.0.0.1:27017/", "presence"],
    ["mongodb://127.0.0.1:27017/?w=1", "presence"],
  ])("of %s is %s", (url, database) => {
    expect(databaseOf(url)).toBe(database);
  });
});
