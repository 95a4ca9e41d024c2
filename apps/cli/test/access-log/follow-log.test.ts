import { appendFile, mkdir, open, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { startFollowing } from "../support/followed.ts";

const folder = await scratchFolder("follow");
afterAll(() => folder.remove());

let tests = 0;
let path: string;
beforeEach(async () => {
  path = join(folder.path, String(tests++), "access.log");
  await mkdir(join(path, ".."));
});

const line = (address: string): string =>
  `${address} - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/8"\n`;

describe("a followed log", () => {
  it("is read from its beginning, and on as it grows", async () => {
    await writeFile(path, line("10.0.0.1"));
    const followed = startFollowing(path);
    await followed.hasRead(1);
    await appendFile(path, line("10.0.0.2") + line("10.0.0.3"));
    await followed.hasRead(3);
    expect(followed.addresses).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    expect(followed.told).toEqual(["begun"]);
  });

  it("is read from the line that is under way at its end, where that is asked for", async () => {
    const under = line("10.0.0.2");
    await writeFile(path, line("10.0.0.1") + under.slice(0, 30));
    const followed = startFollowing(path, { fromEnd: true });
    await followed.hasTold("begun");
    await appendFile(path, under.slice(30) + line("10.0.0.3"));
    await followed.hasRead(2);
    expect(followed.addresses).toEqual(["10.0.0.2", "10.0.0.3"]);
  });

  it("may be written in pieces of a line, and ends in the middle of one uncounted", async () => {
    await writeFile(path, "");
    const followed = startFollowing(path);
    for (const piece of line("10.0.0.1").match(/.{1,20}|\n/g) ?? []) await appendFile(path, piece);
    await appendFile(path, line("10.0.0.2").slice(0, 20));
    await followed.hasRead(1);
    await followed.stop();
    expect(followed.counts).toEqual({ lines: 1, malformed: 0 });
  });

  it("is read on through a rename, by its old name too while its writer uses that", async () => {
    const writer = await open(path, "a");
    await writer.write(line("10.0.0.1"));
    const followed = startFollowing(path);
    await followed.hasRead(1);
    await rename(path, `${path}.1`);
    await writer.write(line("10.0.0.2"));
    await writeFile(path, line("10.0.0.3"));
    await followed.hasTold("rotated");
    await writer.write(line("10.0.0.4"));
    await appendFile(path, line("10.0.0.5"));
    await followed.hasRead(5);
    await writer.close();
    expect(followed.addresses.toSorted()).toEqual([
      "10.0.0.1",
      "10.0.0.2",
      "10.0.0.3",
      "10.0.0.4",
      "10.0.0.5",
    ]);
    expect(followed.told).toEqual(["begun", "rotated"]);
  });

  it("is begun anew when it was truncated", async () => {
    await writeFile(path, line("10.0.0.1") + line("10.0.0.2"));
    const followed = startFollowing(path);
    await followed.hasRead(2);
    await truncate(path);
    await followed.hasTold("truncated");
    await appendFile(path, line("10.0.0.3"));
    await followed.hasRead(3);
    expect(followed.addresses.at(-1)).toBe("10.0.0.3");
  });

  it("is begun anew when it was truncated and has outgrown its former length since", async () => {
    await writeFile(path, line("10.0.0.1"));
    const followed = startFollowing(path);
    await followed.hasRead(1);
    await writeFile(path, line("10.0.0.2") + line("10.0.0.3") + line("10.0.0.4"));
    await followed.hasRead(4);
    expect(followed.addresses).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]);
    expect(followed.told).toEqual(["begun", "truncated"]);
  });

  it("may have the hole that a truncation leaves under a writer who goes on where it was", async () => {
    const writer = await open(path, "w");
    await writer.write(line("10.0.0.1").repeat(1_000));
    const followed = startFollowing(path);
    await followed.hasRead(1_000);
    await truncate(path);
    await writer.write(line("10.0.0.2"));
    await followed.hasRead(1_001);
    await writer.close();
    expect(followed.addresses.at(-1)).toBe("10.0.0.2");
    expect(followed.counts).toEqual({ lines: 1_001, malformed: 0 });
  });

  it("may not be there yet, and may go away for a while", async () => {
    const followed = startFollowing(path);
    await followed.hasTold("missing");
    await writeFile(path, line("10.0.0.1"));
    await followed.hasRead(1);
    await rm(path);
    await writeFile(path, line("10.0.0.2"));
    await followed.hasRead(2);
    expect(followed.addresses).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(followed.told).toEqual(["missing", "there", "rotated"]);
  });

  it("may be a link that comes to point elsewhere", async () => {
    await writeFile(`${path}.a`, line("10.0.0.1"));
    await symlink(`${path}.a`, path);
    const followed = startFollowing(path);
    await followed.hasRead(1);
    await writeFile(`${path}.b`, line("10.0.0.2"));
    await symlink(`${path}.b`, `${path}.new`);
    await rename(`${path}.new`, path);
    await followed.hasRead(2);
    await appendFile(`${path}.b`, line("10.0.0.3"));
    await followed.hasRead(3);
    expect(followed.addresses).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  });

  it("lets go of a renamed file that has been silent for long, whose last line then counts as it is", async () => {
    let nowMs = 0;
    await writeFile(path, line("10.0.0.1").trimEnd());
    const followed = startFollowing(path, { steadyMs: () => nowMs });
    await followed.hasTold("begun");
    await rename(path, `${path}.1`);
    await writeFile(path, line("10.0.0.2"));
    await followed.hasRead(1);
    nowMs = 60_000;
    await followed.hasRead(2);
    expect(followed.addresses).toEqual(["10.0.0.2", "10.0.0.1"]);
  });

  it("cannot be a directory", async () => {
    await mkdir(path);
    await expect(startFollowing(path).hasRead(1)).rejects.toThrow(
      "access.log is no file that could be followed",
    );
  });

  it("gives each line once, whatever is done to its files", async () => {
    const step = fc.constantFrom("append", "append in two", "rename", "append to the old one", "truncate");
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const log = `${path}.${runs++}`;
        await writeFile(log, "");
        const followed = startFollowing(log);
        await followed.hasTold("begun");
        const written: string[] = [];
        const write = async (to: string, pieces: number): Promise<void> => {
          const address = `10.1.${written.length >> 8}.${written.length & 255}`;
          written.push(address);
          const text = line(address);
          for (let piece = 0; piece < pieces; piece += 1)
            await appendFile(
              to,
              text.slice((text.length * piece) / pieces, (text.length * (piece + 1)) / pieces),
            );
        };
        let renamed = 0;
        for (const what of steps) {
          if (what === "append") await write(log, 1);
          if (what === "append in two") await write(log, 2);
          if (what === "append to the old one" && renamed > 0) await write(`${log}.${renamed}`, 1);
          if (what === "rename") {
            renamed += 1;
            await rename(log, `${log}.${renamed}`);
            await writeFile(log, "");
            // Whoever renames again before anybody looks hides a file.
            await followed.hasTold("rotated", renamed);
          }
          if (what === "truncate") {
            // What nobody has read by then is gone.
            await followed.hasRead(written.length);
            await truncate(log);
          }
        }
        await write(log, 1);
        await followed.hasRead(written.length);
        await followed.stop();
        expect(followed.addresses.toSorted()).toEqual(written.toSorted());
        expect(followed.counts).toEqual({ lines: written.length, malformed: 0 });
      }),
      { numRuns: 20 },
    );
  });
});
