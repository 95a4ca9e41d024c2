import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => redis.clear());

const forget = (...args: readonly string[]) => cli(["forget", ...args], { env: redis.env });
const left = (): Promise<string[]> => redis.client.zrange(redis.keyOf(), "0", "-1");

describe("forget, of a Redis", () => {
  it("removes the visitors named and nobody else", async () => {
    await redis.seen({ "203.0.113.9": 1, "2001:db8:1:2::/64": 1, "203.0.113.10": 1 });
    expect(await forget("203.0.113.9", "2001:db8:1:2::/64")).toEqual({
      code: 0,
      stdout: "Forgot 2 of 2 visitors on site.\n",
      stderr: "",
    });
    expect(await left()).toEqual(["203.0.113.10"]);
  });

  it("says how many were there", async () => {
    await redis.seen({ "203.0.113.9": 1 });
    const { code, stdout } = await forget("203.0.113.9", "203.0.113.77", "203.0.113.9");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Forgot 1 of 2 visitors on site.\n" });
  });

  it.each([
    ["json", '{"forgotten":1}\n'],
    ["plain", "1\n"],
  ])("answers as %s", async (format, stdout) => {
    await redis.seen({ "203.0.113.9": 1 });
    expect(await forget("203.0.113.9", "--format", format)).toEqual({ code: 0, stdout, stderr: "" });
  });

  it("takes a visitor's text as the list shows it", async () => {
    await redis.seen({ "\u001b[2Jgoné": 1, "\\x41": 1 });
    expect((await forget("\\x1b[2Jgon\\xc3\\xa9", "\\x41")).stdout).toBe("Forgot 2 of 2 visitors on site.\n");
    expect(await left()).toEqual([]);
  });

  it("removes what looks like an option after --", async () => {
    await redis.seen({ "-1": 1, "--all": 1 });
    expect((await forget("--format", "plain", "--", "-1", "--all")).stdout).toBe("2\n");
  });

  it("removes from the channel named", async () => {
    await redis.seen({ "203.0.113.9": 1 }, "page:/");
    expect((await forget("203.0.113.9")).stdout).toBe("Forgot 0 of 1 visitor on site.\n");
    expect((await forget("203.0.113.9", "--channel", "page:/")).stdout).toBe(
      "Forgot 1 of 1 visitor on page:/.\n",
    );
  });

  it("takes more visitors than one question holds", async () => {
    const names = Array.from({ length: 2_500 }, (_, index) => `v${index}`);
    await redis.seen(Object.fromEntries(names.map((name) => [name, 1])));
    expect((await forget(...names)).stdout).toBe("Forgot 2,500 of 2,500 visitors on site.\n");
  });

  it.each([
    [[], "presence-cli: forget needs at least one visitor. See presence-cli forget --help.\n"],
    [[""], "presence-cli: A visitor has 1 to 1024 characters, as presence-cli list shows them.\n"],
    [
      ["a", "--channel", "Nö"],
      "presence-cli: Channel must be 1 to 128 of a-z 0-9 _ . ~ / : % - and begin with a letter or digit.\n",
    ],
  ])("refuses %j", async (args, stderr) => {
    expect(await forget(...args)).toEqual({ code: 2, stdout: "", stderr });
  });
});
