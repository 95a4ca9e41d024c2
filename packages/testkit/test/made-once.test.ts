import { readFile, rm, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { madeBefore, madeOnce } from "../src/process/made-once.ts";

function freshName(): string {
  const name = `made-once-${randomUUID()}`;
  onTestFinished(async () => {
    const made = await madeBefore(name);
    if (made !== null) await rm(made);
  });
  return name;
}

it("makes a thing once, whoever asks at the same time, and finds it again", async () => {
  const name = freshName();
  let made = 0;
  const make = (path: string): Promise<void> => writeFile(path, `made ${++made}`);
  const [first, second] = await Promise.all([madeOnce(name, make), madeOnce(name, make)]);
  expect(first).toBe(second);
  expect(await madeOnce(name, make)).toBe(first);
  expect(await readFile(first, "utf8")).toBe("made 1");
});

it("leaves nothing of a thing that was not made whole, and makes it the next time", async () => {
  const name = freshName();
  const half = async (path: string): Promise<void> => {
    await writeFile(path, "half");
    throw new Error("interrupted");
  };
  await expect(madeOnce(name, half)).rejects.toThrow("interrupted");
  expect(await madeBefore(name)).toBeNull();
  const made = await madeOnce(name, (path) => writeFile(path, "whole"));
  expect(await readFile(made, "utf8")).toBe("whole");
});
