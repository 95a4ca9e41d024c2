import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { createStreamReader, MAX_UNSENT_BYTES } from "../../src/stream/stream-reader.ts";

const EVENT = Buffer.from(`data: ${"x".repeat(240)}\n\n`);

it("ends a reader that has 64 KB unsent, tells it so, and cuts it off where it does not listen", async () => {
  const response = new PassThrough({ writableHighWaterMark: 1, readableHighWaterMark: 1 });
  let slow = 0;
  const reader = createStreamReader(response, () => (slow += 1));
  let sent = 0;
  while (slow === 0) {
    reader.send(EVENT);
    sent += 1;
  }
  expect(sent * EVENT.length).toBeGreaterThan(MAX_UNSENT_BYTES);
  expect(sent * EVENT.length).toBeLessThan(MAX_UNSENT_BYTES * 1.1);
  const keptBytes = response.writableLength;
  for (let more = 0; more < 100; more++) reader.send(EVENT);
  expect([response.writableLength, slow]).toEqual([keptBytes, 1]);
  await once(response, "close");
  expect(response.destroyed).toBe(true);
});

it("says goodbye to a reader that was slow for a while", async () => {
  const response = new PassThrough();
  let isSlow = false;
  const reader = createStreamReader(response, () => (isSlow = true));
  while (!isSlow) reader.send(EVENT);
  const text = (await response.toArray()).join("");
  expect(text).toMatch(/event: end\nretry: \d+\ndata: \{"reason":"slow","retryMs":\d+\}\n\n$/);
});
