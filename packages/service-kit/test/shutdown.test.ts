import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { runCleanups } from "@presence/service-kit";

const program = fileURLToPath(new URL("support/closing-program.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Starts the program, calls `act` once it says "started", answers how it ended. */
async function run(
  mode: string,
  act: (child: ChildProcess, output: () => string) => unknown,
): Promise<Ended> {
  const child = spawn(process.execPath, ["--conditions=@presence/source", program, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  const ended = once(child, "close");
  await vi.waitFor(() => expect(output).toContain("started"), { timeout: 20_000 });
  await act(child, () => output);
  const [code] = (await ended) as [number | null];
  return { code, output };
}

describe("closeOnSignal", () => {
  it("runs every cleanup in order on SIGTERM, past one that fails, and exits 0", async () => {
    const { code, output } = await run("normal", (child) => child.kill("SIGTERM"));
    expect(output.match(/cleanup \w+/g)).toEqual(["cleanup first", "cleanup third"]);
    expect(output).toContain("could not do the second");
    expect(code).toBe(0);
  });

  it("ends at once on a second signal", async () => {
    const { code, output } = await run("hanging", async (child, written) => {
      child.kill("SIGINT");
      await vi.waitFor(() => expect(written()).toContain("hanging"), 20_000);
      child.kill("SIGINT");
    });
    expect(output).toContain("second signal");
    expect(code).toBe(1);
  });

  it("ends with 1 when the deadline passes", async () => {
    const { code, output } = await run("slow", (child) => child.kill("SIGTERM"));
    expect(output).toContain("took too long");
    expect(code).toBe(1);
  });

  it("runs the cleanups and exits 1 after an error nobody caught", async () => {
    const { code, output } = await run("throwing", () => {});
    expect(output).toContain("cleanup first");
    expect(output).toContain("nobody caught");
    expect(code).toBe(1);
  });
});

describe("runCleanups", () => {
  it("waits for each cleanup before the next", async () => {
    const order: string[] = [];
    const step = (name: string) => ({
      name,
      run: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push(name);
      },
    });
    await runCleanups([step("a"), step("b"), step("c")], { error: vi.fn() });
    expect(order).toEqual(["a", "b", "c"]);
  });
});
