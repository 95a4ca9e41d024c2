import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { createBodyWatch } from "../../src/server/body-watch.ts";

/** A request and its answer, as far as the watch looks at them, and what becomes of them. */
function stage() {
  let now = 0;
  const socket = { bytesRead: 100, destroyed: false, destroy: () => void (socket.destroyed = true) };
  const request = { headers: { "content-length": "9000" }, socket, complete: false };
  const response = { headersSent: false, writableEnded: false };
  const slow: unknown[] = [];
  const watch = createBodyWatch({
    limits: { bodyGraceMs: 1_000, bodyBytesPerSecond: 50 },
    nowMs: () => now,
    onSlow: (ended) => void slow.push(ended),
  });
  return {
    socket,
    request,
    response,
    watch,
    slow,
    add: (headers: Record<string, string> = request.headers) =>
      watch.add({ ...request, headers } as unknown as IncomingMessage, response as unknown as ServerResponse),
    at(atMs: number) {
      now = atMs;
      watch.check();
    },
  };
}

describe("a body on its way", () => {
  it("has its time of grace whatever it brings, and is ended after it when that was nothing", () => {
    const { add, at, slow, response } = stage();
    add();
    at(1_000);
    expect(slow).toEqual([]);
    at(1_001);
    expect(slow).toEqual([response]);
    at(2_000);
    expect(slow).toHaveLength(1);
  });

  it("may take as long as it brings enough", () => {
    const { add, at, slow, socket } = stage();
    add();
    socket.bytesRead += 100;
    at(3_000);
    expect(slow).toEqual([]);
    socket.bytesRead += 49;
    at(4_000);
    expect(slow).toHaveLength(1);
  });

  it("is not waited for longer than that once its request is answered, however fast it comes", () => {
    const { add, at, slow, socket, response } = stage();
    add();
    Object.assign(response, { headersSent: true, writableEnded: true });
    socket.bytesRead += 1_000_000;
    at(1_000);
    expect(socket.destroyed).toBe(false);
    at(1_001);
    expect([socket.destroyed, slow]).toEqual([true, []]);
  });

  it("is known by its connection while it comes", () => {
    const { add, watch, response, socket } = stage();
    add();
    expect(watch.responseOf(socket as unknown as IncomingMessage["socket"])).toBe(response);
    expect(watch.responseOf({} as unknown as IncomingMessage["socket"])).toBeNull();
  });

  it("is not looked for where there is none", () => {
    const { add, at, slow } = stage();
    add({ host: "x" });
    at(10_000);
    expect(slow).toEqual([]);
  });
});
