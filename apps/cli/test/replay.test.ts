import { execFileSync } from "node:child_process";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { accessLogLines, type Random, scratchFolder, seededRandom } from "@presence/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { cli, cliProcess, startCli } from "./support/cli.ts";
import { plainReplay, type PlainReplayOptions } from "./support/plain-replay.ts";
import { plainSighting, realLogLines } from "./support/real-log.ts";
import type { TestIoOptions } from "./support/io.ts";

const folder = await scratchFolder("replay");
afterAll(() => folder.remove());

const LOG = await realLogLines();
const MINUTES: PlainReplayOptions = { windowSeconds: 60, stepSeconds: 60 };

async function fileOf(lines: readonly string[] | Buffer, name = "access.log"): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, Buffer.isBuffer(lines) ? lines : `${lines.join("\n")}\n`);
  return path;
}

/** The command's answer, as JSON. */
async function replayed(lines: readonly string[], args: readonly string[] = [], options: TestIoOptions = {}) {
  const { stdout } = await cli(["replay", await fileOf(lines), "--format", "json", ...args], options);
  return JSON.parse(stdout);
}

/** The lines in another order, none more than `maxMs` behind a later one. */
function disordered(lines: readonly string[], maxMs: number, random: Random): string[] {
  return lines
    .map((line) => ({ line, placeMs: plainSighting(line).atMs + random() * maxMs }))
    .toSorted((a, b) => a.placeMs - b.placeMs)
    .map(({ line }) => line);
}

function shuffled(lines: readonly string[], random: Random): string[] {
  return lines
    .map((line) => ({ line, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ line }) => line);
}

describe("replay of a real log", () => {
  const expected = {
    lines: LOG.length,
    malformed: 0,
    windowSeconds: 60,
    stepSeconds: 60,
    identity: "ip",
    ipv6Prefix: 64,
    ...plainReplay(LOG.map(plainSighting), MINUTES),
  };

  it("equals an independent computation at every minute", async () => {
    expect(await replayed(LOG)).toEqual(expected);
  });

  it.each([1, 2, 3])("is the same whatever the order of its lines within ten minutes (%d)", async (seed) => {
    expect(await replayed(disordered(LOG, 599_000, seededRandom(seed)))).toEqual(expected);
  });

  it.each([1, 2])("is the same in any order at all with --sort (%d)", async (seed) => {
    expect(await replayed(shuffled(LOG, seededRandom(seed)), ["--sort"])).toEqual(expected);
  });

  it.each([
    [5, 10],
    [90, 7],
    [300, 3_600],
    [3_600, 60],
  ])("equals it for a window of %d s at every %d s", async (windowSeconds, stepSeconds) => {
    const { points, peak, visitors } = plainReplay(LOG.map(plainSighting), { windowSeconds, stepSeconds });
    const args = ["--window", String(windowSeconds), "--step", String(stepSeconds)];
    expect(await replayed(LOG, args)).toMatchObject({ windowSeconds, stepSeconds, points, peak, visitors });
  });
});

describe("replay", () => {
  const FEW = [
    '203.0.113.9 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/8"',
    '2001:db8:1:2::3 - - [17/May/2015:10:05:10 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/8"',
    '2001:db8:1:2::4 - - [17/May/2015:10:06:59 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/8"',
    '203.0.113.200 - - [17/May/2015:10:06:59 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/8"',
  ];

  it("answers in the form that programs rely on", async () => {
    const path = await fileOf(["not a line", "", ...FEW]);
    const { code, stdout, stderr } = await cli(["replay", path, "--format", "json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      '{"lines":6,"malformed":1,"late":0,"visitors":3,"windowSeconds":60,"stepSeconds":60,"identity":"ip","ipv6Prefix":64,' +
        '"peak":{"count":2,"at":"2015-05-17T10:06:00.000Z"},"points":[' +
        '{"at":"2015-05-17T10:06:00.000Z","count":2},{"at":"2015-05-17T10:07:00.000Z","count":2}]}\n',
    );
  });

  it("is a row a point as CSV, and says the rest on stderr", async () => {
    expect(await cli(["replay", await fileOf(FEW), "--format", "csv"])).toEqual({
      code: 0,
      stdout: "at,count\n2015-05-17T10:06:00.000Z,2\n2015-05-17T10:07:00.000Z,2\n",
      stderr:
        "3 visitors in 4 lines, at most 2 online at 2015-05-17 10:06:00.000Z, each online for 60 s after a request\n",
    });
  });

  it("is a screenful for people, with the most and the mean of each row", async () => {
    const { code, stdout, stderr } = await cli(["replay", await fileOf(LOG)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [facts, , head, , ...rows] = stdout.trimEnd().split("\n");
    expect(facts).toMatch(
      /^[\d,]+ visitors in 10,000 lines, at most \d+ online at \S+ \S+Z, each online for 60 s/,
    );
    expect(head).toMatch(/^│ From \(UTC\) +│ Most │ Mean │ +│$/);
    expect(rows.length).toBeLessThanOrEqual(49);
    for (const row of rows.slice(0, -1))
      expect(row).toMatch(/^│ [\d: -]{16} │ +\d+ │ +\d+\.\d │ [█▏▎▍▌▋▊▉]* *│$/);
  });

  it("reads gzip, of a file and of several in one, and standard input", async () => {
    const expected = await replayed(FEW);
    const half = (from: number, to: number) =>
      gzipSync(
        FEW.slice(from, to)
          .map((line) => `${line}\n`)
          .join(""),
      );
    const packed = Buffer.concat([half(0, 2), half(2, 4)]);
    const path = await fileOf(packed, "access.log.gz");
    const fromFile = await cli(["replay", path, "--format", "json"]);
    expect(JSON.parse(fromFile.stdout)).toEqual(expected);
    for (const input of [packed, FEW.join("\n")]) {
      const { code, stdout } = await cli(["replay", "-", "--format", "json"], { input });
      expect({ code, answer: JSON.parse(stdout) }).toEqual({ code: 0, answer: expected });
    }
  });

  it("reads standard input as a program", async () => {
    const { code, stdout } = await cliProcess(["replay", "-", "--format", "json"], { input: LOG.join("\n") });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lines: LOG.length, malformed: 0 });
  });

  it("reads a named pipe, whose writer takes its time", async () => {
    const path = join(folder.path, "pipe.log");
    execFileSync("mkfifo", [path]);
    await using replaying = await startCli(["replay", path, "--format", "json"]);
    const pipe = await open(path, "w");
    await pipe.write(`${FEW[0]}\n${FEW[1]}\n`);
    await breathe();
    await pipe.write(`${FEW[2]}\n${FEW[3]}\n`);
    await pipe.close();
    await replaying.exited;
    expect(JSON.parse(replaying.stdout)).toEqual(await replayed(FEW));
  });

  it("says that gzip data is damaged, or cut off", async () => {
    const packed = gzipSync(FEW.join("\n"));
    for (const damaged of [
      packed.subarray(0, -9),
      Buffer.concat([packed.subarray(0, 20), Buffer.alloc(40, 1)]),
    ]) {
      const { code, stdout, stderr } = await cli(["replay", await fileOf(damaged, "damaged.gz")]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^presence-cli: The gzip data of \S+damaged\.gz is damaged: [^\n]+\.\n$/);
    }
  });

  it("reads every form of log alike", async () => {
    const options = { lines: 2_000, disorderMs: 60_000 };
    const combined = await replayed([...accessLogLines(options)]);
    expect(await replayed([...accessLogLines({ ...options, format: "common" })])).toEqual(combined);
    const json = await replayed([...accessLogLines({ ...options, format: "json" })]);
    expect(json).toMatchObject({ lines: 2_000, malformed: 0, late: 0, visitors: combined.visitors });
  });

  it("groups IPv6 as PRESENCE_IPV6_PREFIX says, and masks as PRESENCE_IDENTITY does", async () => {
    const whole = { env: { PRESENCE_IPV6_PREFIX: "128" } };
    expect(await replayed(FEW, [], whole)).toMatchObject({ visitors: 4, identity: "ip", ipv6Prefix: 128 });
    const masked = { env: { PRESENCE_IDENTITY: "masked" } };
    expect(await replayed(FEW, [], masked)).toMatchObject({
      visitors: 2,
      identity: "masked",
      ipv6Prefix: 64,
    });
    const hashed = { env: { PRESENCE_IDENTITY: "hashed" } };
    expect(await replayed(FEW, [], hashed)).toMatchObject({ visitors: 3, identity: "hashed" });
  });

  it("leaves out what is more than ten minutes late, says so, and ends with 1", async () => {
    const late = '203.0.113.77 - - [17/May/2015:09:56:58 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/8"';
    const path = await fileOf([...FEW, late]);
    const { code, stdout, stderr } = await cli(["replay", path, "--format", "json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ lines: 5, late: 1, visitors: 3 });
    expect(stderr).toBe("1 line came more than 10 minutes late and is in no number: add --sort.\n");
    const sorted = await cli(["replay", path, "--sort", "--format", "json"]);
    expect(sorted).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(sorted.stdout)).toMatchObject({ late: 0, visitors: 4 });
  });

  it.each([
    ["table", "0 visitors in 0 lines, each online for 60 s after a request\n"],
    ["csv", "at,count\n"],
    [
      "json",
      '{"lines":0,"malformed":0,"late":0,"visitors":0,"windowSeconds":60,"stepSeconds":60,"identity":"ip","ipv6Prefix":64,"peak":null,"points":[]}\n',
    ],
  ])("of an empty log is no mistake, as %s", async (format, stdout) => {
    expect(await cli(["replay", await fileOf(Buffer.alloc(0)), "--format", format])).toMatchObject({
      code: 0,
      stdout,
    });
  });

  it("says what is wrong with a date that lies ages away", async () => {
    const wrong = '203.0.113.77 - - [17/May/2115:10:00:00 +0000] "GET / HTTP/1.1" 200 1';
    const { code, stdout, stderr } = await cli(["replay", await fileOf([...FEW, wrong])]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^presence-cli: The log's times span [\d,]+ points, more than 5,500,000: take a longer --step/,
    );
  });

  it("refuses a directory", async () => {
    await mkdir(join(folder.path, "logs"), { recursive: true });
    expect(await cli(["replay", join(folder.path, "logs")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/logs is a directory, no log file\.\n$/),
    });
  });
});
