import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectionsAllowed } from "../../src/server/open-files.ts";

async function limits(text: string): Promise<string> {
  const scratch = await scratchFolder("limits");
  onTestFinished(() => scratch.remove());
  const path = join(scratch.path, "limits");
  await writeFile(path, text);
  return path;
}

describe("the connections that open files allow", () => {
  it("are what is left of them beside the store and the history", async () => {
    const path = await limits(
      "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                 files\n",
    );
    expect(await connectionsAllowed(path)).toBe(896);
  });

  it("are one where there are hardly any", async () => {
    expect(
      await connectionsAllowed(
        await limits("Max open files            64                 64                 files\n"),
      ),
    ).toBe(1);
  });

  it("are not known without a limit, nor where the system has no such file", async () => {
    expect(
      await connectionsAllowed(
        await limits("Max open files            unlimited            unlimited            files\n"),
      ),
    ).toBeNull();
    expect(await connectionsAllowed("/no/such/file")).toBeNull();
  });
});
