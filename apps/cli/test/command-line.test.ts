import { describe, expect, it } from "vitest";
import { runCli } from "../src/cli.ts";
import type { Flags } from "../src/flags.ts";
import { COMMANDS } from "../src/specs/commands.ts";
import { cli } from "./support/cli.ts";
import { testIo } from "./support/io.ts";

/** What a command would be run with. */
async function flagsOf(...argv: readonly string[]): Promise<Flags & { readonly command: string | null }> {
  let seen: (Flags & { command: string }) | null = null;
  const commands = COMMANDS.map((spec) => ({
    ...spec,
    load: () =>
      Promise.resolve(({ flags }: { readonly flags: Flags }) => {
        seen = { ...flags, command: spec.name };
        return Promise.resolve(0 as const);
      }),
  }));
  await runCli(argv, testIo(), commands);
  return seen ?? { command: null, operands: [], values: {} };
}

describe("a command line", () => {
  it.each([
    [["count"], "count", [], {}],
    [["count", "--bots", "--window", "10"], "count", [], { bots: true, window: "10" }],
    [["count", "--window=10", "--format=json"], "count", [], { window: "10", format: "json" }],
    [["--window", "10", "count"], "count", [], { window: "10" }],
    [["--format", "plain", "--window=10", "count"], "count", [], { format: "plain", window: "10" }],
    [["--bots", "count"], "count", [], { bots: true }],
    [["--all", "--limit", "2", "list"], "list", [], { all: true, limit: "2" }],
    [["--", "count"], "count", [], {}],
    [["count", "--window", "010"], "count", [], { window: "010" }],
    [["count", "--channel", "page:/a=b"], "count", [], { channel: "page:/a=b" }],
    [["count", "--fail-stale"], "count", [], { "fail-stale": true }],
    [["list", "--limit", "1e3", "--all"], "list", [], { limit: "1e3", all: true }],
    [["prune", "--yes", "--older-than", "-5"], "prune", [], { yes: true, "older-than": "-5" }],
    [["forget", "1", "007", "1e3", "0x10"], "forget", ["1", "007", "1e3", "0x10"], {}],
    [["forget", "a", "--channel", "c", "b"], "forget", ["a", "b"], { channel: "c" }],
    [["forget", "--", "-1", "--yes"], "forget", ["-1", "--yes"], {}],
    [["forget", "true", "a.b", "__proto__"], "forget", ["true", "a.b", "__proto__"], {}],
    [["replay", "-"], "replay", ["-"], {}],
    [["replay", "access.log", "--sort"], "replay", ["access.log"], { sort: true }],
    [["count", "--url", "http://[::1]:3000"], "count", [], { url: "http://[::1]:3000" }],
  ])("%j is %s with %j and %j", async (argv, command, operands, values) => {
    expect(await flagsOf(...argv)).toEqual({ command, operands, values });
  });

  it.each(COMMANDS.map((spec) => [spec.name, spec] as const))(
    "%s --help says all of it",
    async (name, spec) => {
      const { code, stdout, stderr } = await cli([name, "--help"], { columns: 100 });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout.startsWith(`${spec.describe}.\n\nUsage: presence-cli ${name}`)).toBe(true);
      for (const flag of spec.flags) expect(stdout).toContain(`--${flag.name}`);
      // Longer ones go on in the next line.
      for (const [line] of spec.examples) expect(stdout).toContain(`presence-cli ${line}`.slice(0, 40));
      expect(stdout.includes("--redis-url")).toBe(spec.isOffline !== true);
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    },
  );

  it("runs the examples of each help, as far as they can be read", async () => {
    const lines = COMMANDS.flatMap((spec) => spec.examples.map(([line]) => [spec.name, line] as const));
    for (const [name, line] of lines) {
      const words = line.replace(/ [<>] .*$/, "").split(" ");
      expect(await flagsOf(...words)).toMatchObject({ command: name });
    }
  });

  it("helps with the command that is named behind the question too", async () => {
    const asked = await cli(["--help", "count"]);
    expect(asked).toEqual(await cli(["count", "--help"]));
    expect(asked.stdout).toContain("Usage: presence-cli count");
  });

  it("says that there is no such command, asked for its help or not", async () => {
    expect(await cli(["foo", "--help"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining('"foo"'),
    });
  });

  it("names every command in the help, and wraps it to the terminal", async () => {
    const { stdout } = await cli(["--help"], { columns: 60 });
    for (const { name } of COMMANDS) expect(stdout).toContain(`presence-cli ${name}`);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });
});
