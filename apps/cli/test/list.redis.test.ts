import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cli } from "./support/cli.ts";
import { startSetRedis } from "./support/set-redis.ts";

const redis = await startSetRedis();
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => redis.clear());

const list = (...args: readonly string[]) => cli(["list", ...args], { env: redis.env });

describe("list, of a Redis", () => {
  it("shows who was seen last in a table, and how many there are on stderr", async () => {
    await redis.seen({ "203.0.113.9": 1, "2001:db8:1:2::/64": 10, "198.51.100.77": 30 });
    const { code, stdout, stderr } = await list("--limit", "2");
    expect(code).toBe(0);
    const [top, head, line, first, second, bottom, ...rest] = stdout.split("\n");
    expect(top).toMatch(/^┌─+┬─+┬─+┐$/);
    expect(head).toMatch(/^│ Visitor +│ Last seen +│ +Ago │$/);
    expect(line).toMatch(/^├─+┼─+┼─+┤$/);
    expect(first).toMatch(/^│ 203\.0\.113\.9 +│ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z │ +\d+\.\d s │$/);
    expect(second).toMatch(/^│ 2001:db8:1:2::\/64 │ /);
    expect(bottom).toMatch(/^└─+┴─+┴─+┘$/);
    expect(rest).toEqual([""]);
    expect(stderr).toMatch(/^2 of 3 online\. More: --limit, --all, or --cursor [\w-]+\n$/);
  });

  it("goes on where the cursor of an earlier list says", async () => {
    await redis.seen({ a: 1, b: 10, c: 20 });
    const { nextCursor } = JSON.parse((await list("--limit", "2", "--format", "json")).stdout);
    const next = await list("--cursor", nextCursor, "--format", "plain");
    expect(next.stdout).toBe("c\n");
  });

  it("pages through visitors whom another writer saw in one millisecond", async () => {
    const names = Array.from({ length: 1_500 }, (_, index) => `v${String(index).padStart(4, "0")}`);
    await redis.seen(Object.fromEntries(names.map((name, index) => [name, 10 - index * 0.000_3])));
    expect((await list("--all", "--format", "plain")).stdout.trim().split("\n")).toEqual(names);
  });

  it("answers as JSON what the API would", async () => {
    await redis.seen({ "203.0.113.9": 5 });
    const { stdout, stderr } = await list("--format", "json");
    expect(JSON.parse(stdout)).toEqual({
      asOf: expect.stringMatching(/Z$/),
      identity: "ip",
      visitors: [
        {
          visitor: "203.0.113.9",
          lastSeen: expect.stringMatching(/Z$/),
          secondsAgo: expect.any(Number),
        },
      ],
      nextCursor: null,
    });
    expect(stderr).toBe("");
  });

  it("is valid JSON for nobody, and says so in words for people", async () => {
    expect(JSON.parse((await list("--format", "json")).stdout)).toMatchObject({
      visitors: [],
      nextCursor: null,
    });
    expect(await list()).toEqual({
      code: 0,
      stdout: "",
      stderr: "Nobody has been seen on site within 60 s.\n",
    });
  });

  it("orders by the sighting, the oldest first where asked", async () => {
    await redis.seen({ early: 30, late: 1, middle: 10 });
    expect((await list("--format", "plain")).stdout).toBe("late\nmiddle\nearly\n");
    expect((await list("--format", "plain", "--order", "oldest")).stdout).toBe("early\nmiddle\nlate\n");
  });

  it.each(["table", "json", "csv", "plain"])(
    "lists everybody as %s, each once, page by page",
    async (format) => {
      const names = Array.from({ length: 2_500 }, (_, index) => `v${String(index).padStart(4, "0")}`);
      await redis.seen(Object.fromEntries(names.map((name) => [name, 1])));
      const { code, stdout } = await list("--all", "--format", format);
      expect(code).toBe(0);
      expect(stdout.match(/\bv\d{4}\b/g)).toEqual(names);
      if (format === "json") expect(JSON.parse(stdout).visitors).toHaveLength(2_500);
      if (format === "table") expect(stdout.match(/[┌└]/g)).toEqual(["┌", "└"]);
      if (format === "csv") expect(stdout.split("\n")[0]).toBe("visitor,lastSeen,secondsAgo");
    },
  );

  it("marks who was not written by this identity", async () => {
    await redis.seen({ "203.0.113.9": 1, "user-42": 2, "2001:db8::9": 3 });
    const { stdout } = await list();
    expect(stdout).toContain("│ user-42 (foreign) ");
    expect(stdout).toContain("│ 2001:db8::9 (foreign) ");
    expect(stdout).toMatch(/│ 203\.0\.113\.9 +│/);
  });

  it.each([
    ["table", "│ \\x1b[2Jgone\\x7f\\xc3\\xa9 (foreign) │"],
    ["plain", "\\x1b[2Jgone\\x7f\\xc3\\xa9\n"],
    ["csv", "\\x1b[2Jgone\\x7f\\xc3\\xa9,"],
    ["json", String.raw`"visitor":"\u001b[2Jgone\u007f\u00e9"`],
  ])("lets no visitor's text act on the terminal, as %s", async (format, shown) => {
    await redis.seen({ "\u001b[2Jgone\u007fé": 1 });
    expect((await list("--format", format)).stdout).toContain(shown);
  });

  it("keeps a spreadsheet from taking a visitor for a formula", async () => {
    await redis.seen({ '=HYPERLINK("x")': 1, "+1": 2, "-1": 3, "@a": 4, 'a"b,c': 5 });
    const cells = (await list("--format", "csv")).stdout.split("\n").slice(1, -1);
    expect(cells.map((line) => line.replace(/,[^,]+,\d+$/, ""))).toEqual([
      `"'=HYPERLINK(""x"")"`,
      `"'+1"`,
      `"'-1"`,
      `"'@a"`,
      `"a""b,c"`,
    ]);
  });

  it.each([
    [
      ["--limit", "10000000"],
      'presence-cli: --limit must be a whole number from 1 to 1000, not "10000000". Everybody: --all.\n',
    ],
    [
      ["--limit", "0"],
      'presence-cli: --limit must be a whole number from 1 to 1000, not "0". Everybody: --all.\n',
    ],
    [
      ["--cursor", "made-up"],
      "presence-cli: --cursor must be what an earlier list of the same channel and order ended with.\n",
    ],
    [
      ["--cursor", Buffer.from('["recent","page:/",1,"a"]').toString("base64url")],
      "presence-cli: --cursor must be what an earlier list of the same channel and order ended with.\n",
    ],
    [
      ["--all", "--limit", "5"],
      "presence-cli: --all lists everybody: leave --limit and --cursor out, or --all.\n",
    ],
    [
      ["--all", "--order", "recent"],
      "presence-cli: --all goes from the oldest sighting on, so that nobody is missed: leave --order out.\n",
    ],
    [["--order", "newest"], 'presence-cli: --order must be recent or oldest, not "newest".\n'],
  ])("refuses %j, naming the field", async (args, stderr) => {
    expect(await list(...args)).toEqual({ code: 2, stdout: "", stderr });
  });
});
