import { expect, it } from "vitest";
import { murmur3 } from "../../src/uniques/murmur3.ts";

// Of the reference implementation, as listed at https://en.wikipedia.org/wiki/MurmurHash and in its ports' tests.
it.each([
  ["", 0, 0],
  ["", 1, 0x514e28b7],
  ["test", 0, 0xba6bd213],
  ["test", 0x9747b28c, 0x704b81dc],
  ["Hello, world!", 0, 0xc0363e43],
  ["Hello, world!", 0x9747b28c, 0x24884cba],
  ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
])("hashes %j with seed %i as the reference does", (text, seed, expected) => {
  expect(murmur3(text, seed)).toBe(expected);
});
