import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scratchFolder, waitUntil } from "@presence/testkit";
import { afterAll, expect, it } from "vitest";
import { startCli } from "./support/cli.ts";

const folder = await scratchFolder("rubbish");
afterAll(() => folder.remove());

const GOOD = '203.0.113.9 - - [25/Nov/2026:14:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n';
const ESCAPES =
  '\u001b[31mred\u001b]0;title\u0007\u001b[2J - - [25/Nov/2026:14:00:00 +0000] "GET / HTTP/1.1" 200 1\n';

const LOGS: Readonly<Record<string, () => Buffer>> = {
  "a line of 100 MB": () => Buffer.alloc(100_000_000, "a"),
  "20 MB of anything": () => Buffer.concat([randomBytes(20_000_000), Buffer.from("\n")]),
  "bytes that are no UTF-8": () => Buffer.from([0x22, 0xff, 0xfe, 0xc0, 0x80, 0x0a]),
  "what would change a terminal": () => Buffer.from(ESCAPES.repeat(1_000)),
  "lists in each other": () =>
    Buffer.from(`${"[".repeat(1_000_000)}\n{"__proto__":{"remote_addr":"203.0.113.1"}}\n`),
};

/** Most memory a program has had, in MB; 0 where it has ended. */
async function peakMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024;
}

it.each(Object.entries(LOGS))(
  "replay reads past %s in bounded memory, and finds who is behind it",
  async (what, log) => {
    const path = join(folder.path, "access.log");
    await writeFile(
      path,
      Buffer.concat([Buffer.from(GOOD), log(), Buffer.from(`\n${GOOD.replace("9 -", "10 -")}`)]),
    );
    await using program = await startCli(["replay", path, "--format", "json"]);
    let mostMb = 0;
    await waitUntil(
      async () => {
        mostMb = Math.max(mostMb, await peakMb(program.pid));
        return !program.isRunning;
      },
      { timeoutMs: 100_000, what: "the end of the replay" },
    );
    await program.exited;
    console.log(`${what}: at most ${mostMb.toFixed(0)} MB`);
    expect(JSON.parse(program.stdout)).toMatchObject({ visitors: 2, peak: { count: 2 } });
    expect(mostMb).toBeLessThan(250);
    // oxlint-disable-next-line no-control-regex
    expect(program.output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]|^\s+at /m);
  },
  120_000,
);
