/**
 * MurmurHash3 (x86, 32 bits) of an ASCII text, as an unsigned number.
 * Constants and order are those of Austin Appleby's `MurmurHash3_x86_32`, which is in the public domain:
 * https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function murmur3(text: string, seed: number): number {
  const wholeBlocks = text.length & ~3;
  let hash = seed;
  for (let at = 0; at < wholeBlocks; at += 4) {
    hash ^= scramble(blockAt(text, at));
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let rest = 0;
  for (let at = text.length - 1; at >= wholeBlocks; at -= 1) rest = (rest << 8) | text.charCodeAt(at);
  hash ^= scramble(rest) ^ text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function blockAt(text: string, at: number): number {
  return (
    text.charCodeAt(at) |
    (text.charCodeAt(at + 1) << 8) |
    (text.charCodeAt(at + 2) << 16) |
    (text.charCodeAt(at + 3) << 24)
  );
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
