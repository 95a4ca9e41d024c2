import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { onPath, scratchFolder } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../src/specs/commands.ts";
import { cli } from "./support/cli.ts";

const run = promisify(execFile);

const folder = await scratchFolder("completion");
afterAll(() => folder.remove());

/** The script for a shell, in a file. */
async function scriptFor(shell: string): Promise<string> {
  const { code, stdout } = await cli(["completion", shell]);
  expect(code).toBe(0);
  const path = join(folder.path, `presence-cli.${shell}`);
  await writeFile(path, stdout);
  return path;
}

describe("completion, in a real bash", () => {
  let script: string;
  beforeAll(async () => {
    script = await scriptFor("bash");
    await writeFile(join(folder.path, "access log.txt"), "");
  });

  /** What bash offers for the last of `words`, split as bash itself splits them. */
  async function offered(...words: readonly string[]): Promise<readonly string[]> {
    const program = `
      source "$1"; shift
      [[ $(complete -p presence-cli) == 'complete -F _presence_cli presence-cli' ]] || exit 1
      COMP_WORDS=(presence-cli "$@") COMP_CWORD=$#
      _presence_cli presence-cli
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run("bash", ["-uc", program, "bash", script, ...words], { cwd: folder.path });
    return stdout.split("\n").filter((word) => word !== "");
  }

  it("offers every command, and those that begin so", async () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(await offered("")).toEqual([...names, "--help", "--version"]);
    expect(await offered("pe")).toEqual(["peaks"]);
    expect(await offered("nothing-begins-so")).toEqual([]);
  });

  it("offers each command its own flags and those that say where to ask", async () => {
    expect(await offered("count", "--f")).toEqual(["--format", "--fail-stale"]);
    expect(await offered("count", "--bots", "--r")).toEqual(["--redis-url"]);
    expect(await offered("replay", "--w")).toEqual(["--window"]);
    expect(await offered("replay", "--redis")).toEqual([]);
  });

  it("offers a flag its words, however the two are joined", async () => {
    expect(await offered("count", "--format", "")).toEqual(["table", "json", "plain"]);
    expect(await offered("peaks", "--reset", "l")).toEqual(["last7Days"]);
    expect(await offered("history", "--step", "=", "d")).toEqual(["day"]);
    expect(await offered("history", "--step", "=")).toEqual(["minute", "hour", "day"]);
  });

  it("offers nothing where only the user knows the value", async () => {
    expect(await offered("count", "--window", "")).toEqual([]);
  });

  it("offers files where a command reads one, with the spaces of their names", async () => {
    expect(await offered("replay", "acc")).toEqual(["access log.txt"]);
  });

  it("offers the shells to itself", async () => {
    expect(await offered("completion", "")).toEqual(["bash", "zsh", "fish", "--help"]);
  });
});

describe("completion", () => {
  it.skipIf(onPath("zsh") === null)("prints what zsh can read", async () => {
    const { stderr } = await run("zsh", ["-n", await scriptFor("zsh")]);
    expect(stderr).toBe("");
  });

  it.skipIf(onPath("fish") === null)("prints what fish can read", async () => {
    const { stderr } = await run("fish", ["--no-execute", await scriptFor("fish")]);
    expect(stderr).toBe("");
  });

  it("takes the shell from SHELL", async () => {
    const { stdout } = await cli(["completion"], { env: { SHELL: "/usr/bin/fish" } });
    expect(stdout).toMatch(/^# fish completion of presence-cli/);
  });

  it.each([
    [["completion", "tcsh"], {}, 'completion is for bash, zsh or fish, not "tcsh".'],
    [
      ["completion"],
      { SHELL: "/bin/tcsh" },
      "completion cannot tell the shell from SHELL: name bash, zsh or fish.",
    ],
    [
      ["completion"],
      { SHELL: undefined },
      "completion cannot tell the shell from SHELL: name bash, zsh or fish.",
    ],
  ])("refuses %j with 2 where SHELL is %j", async (args, env, message) => {
    expect(await cli(args, { env })).toEqual({
      code: 2,
      stdout: "",
      stderr: `presence-cli: ${message}\n`,
    });
  });
});
