import { describe, expect, it } from "vitest";
import { startProcess, waitUntil } from "../src/index.ts";

const node = process.execPath;

describe("startProcess", () => {
  it("waits for the word that says it is ready, and keeps what it writes", async () => {
    const child = await startProcess(
      node,
      ["-e", "console.error('up'); console.log('ready'); setInterval(()=>{},1e6)"],
      { ready: /ready/ },
    );
    expect(child.stdout).toBe("ready\n");
    expect(child.stderr).toBe("up\n");
    expect(child.isRunning).toBe(true);
    expect(await child.stop()).toEqual({ code: null, signal: "SIGTERM" });
    expect(child.isRunning).toBe(false);
  });

  it("answers the exit code of one that ends by itself", async () => {
    const child = await startProcess(node, ["-e", "process.exit(78)"]);
    expect(await child.exited).toEqual({ code: 78, signal: null });
  });

  it("throws with its output when it ends before it is ready", async () => {
    const started = startProcess(node, ["-e", "console.error('no such thing'); process.exit(3)"], {
      ready: /never/,
    });
    await expect(started).rejects.toThrow(/ended \(3\)[^]*no such thing/);
  });

  it("throws with its output when it is not ready in time, and leaves nothing behind", async () => {
    const started = startProcess(node, ["-e", "console.log(process.pid); setInterval(()=>{},1e6)"], {
      ready: /never/,
      readyTimeoutMs: 500,
    });
    const error = await started.then(
      () => "",
      (reason: unknown) => String(reason),
    );
    const pid = Number(/\n(\d+)/.exec(error)?.[1]);
    expect(pid).toBeGreaterThan(0);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("says that a command that is not there did not start", async () => {
    await expect(startProcess("no-such-command", [])).rejects.toThrow("no-such-command did not start");
  });

  it("kills what ignores its end, and what it started itself", async () => {
    const script = `
      process.on('SIGTERM', () => console.log('ignored'));
      const child = require('node:child_process').spawn('sleep', ['600']);
      console.log('child', child.pid);
      setInterval(() => {}, 1e6)`;
    const parent = await startProcess(node, ["-e", script], { ready: /child \d+/ });
    const grandchild = Number(/child (\d+)/.exec(parent.stdout)?.[1]);
    expect(await parent.stop(200)).toEqual({ code: null, signal: "SIGKILL" });
    expect(parent.stdout).toContain("ignored");
    await waitUntil(() => isGone(grandchild));
  });

  it("hands down its own environment, but nothing that configures Presence", async () => {
    process.env["PRESENCE_KEY"] = "outer";
    const script =
      "console.log(JSON.stringify([process.env.PRESENCE_KEY, process.env.PORT, !!process.env.PATH]))";
    const child = await startProcess(node, ["-e", script], { env: { PORT: "0" } });
    await child.exited;
    delete process.env["PRESENCE_KEY"];
    expect(JSON.parse(child.stdout)).toEqual([null, "0", true]);
  });

  it("writes to its input", async () => {
    const child = await startProcess("cat", []);
    child.write("hello\n");
    child.endInput();
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(child.stdout).toBe("hello\n");
  });
});

describe("waitUntil", () => {
  it("answers what the predicate answers, once it does", async () => {
    let looks = 0;
    expect(await waitUntil(() => (++looks < 3 ? null : "here"), { everyMs: 1 })).toBe("here");
    expect(looks).toBe(3);
  });

  it("takes a predicate that throws for one that has not answered, and names what did not come", async () => {
    const late = waitUntil(() => Promise.reject(new Error("not there")), {
      timeoutMs: 20,
      everyMs: 1,
      what: "the train",
    });
    await expect(late).rejects.toMatchObject({
      message: "the train did not come about within 20 ms",
      cause: new Error("not there"),
    });
  });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
