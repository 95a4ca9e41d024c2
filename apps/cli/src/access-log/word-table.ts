/** Numbers things told apart by a few 32-bit words, in a few bytes each: a million of them fit anywhere. */
export interface WordTable {
  /** The number of these words, from 0 in the order they are first seen. Words beyond the table's are ignored. */
  indexOf(w0: number, w1: number, w2: number, w3: number): number;
  /** Word `word`, from 0, of what has number `index`. */
  wordAt(index: number, word: number): number;
  /** How many there are. */
  size(): number;
}

const FIRST_CAPACITY = 1 << 12;

/**
 * An open hash table (linear probing, at most seven eighths full) over `words` words, 1, 2 or 4. A slot has a number
 * plus one in its low bits, as many as the capacity takes, and those of the hash above: hardly any words are compared
 * in vain, however full it is.
 */
export function createWordTable(words: 1 | 2 | 4): WordTable {
  let capacity = FIRST_CAPACITY;
  let most = mostOf(capacity);
  /** 0 where nothing is. */
  let slots = new Uint32Array(capacity);
  let keys = new Uint32Array(most * words);
  let size = 0;

  function isAt(index: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const at = index * words;
    if (keys[at] !== w0) return false;
    if (words === 1) return true;
    if (keys[at + 1] !== w1) return false;
    return words === 2 || (keys[at + 2] === w2 && keys[at + 3] === w3);
  }

  function grow(): void {
    capacity *= 2;
    most = mostOf(capacity);
    keys = new Uint32Array(keys.buffer.transfer(most * words * 4));
    // Given back at once, not when the collector comes by.
    slots.buffer.transfer(0);
    slots = new Uint32Array(capacity);
    const mask = capacity - 1;
    for (let index = 0; index < size; index += 1) {
      const at = index * words;
      const isLong = words === 4;
      const hash = mix(
        keys[at] ?? 0,
        words === 1 ? 0 : (keys[at + 1] ?? 0),
        isLong ? (keys[at + 2] ?? 0) : 0,
        isLong ? (keys[at + 3] ?? 0) : 0,
      );
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = (hash & ~mask) | (index + 1);
    }
  }

  function indexOf(w0: number, w1: number, w2: number, w3: number): number {
    const isLong = words === 4;
    const mask = capacity - 1;
    const hash = mix(w0, words === 1 ? 0 : w1, isLong ? w2 : 0, isLong ? w3 : 0);
    let slot = hash & mask;
    for (;;) {
      const found = slots[slot] ?? 0;
      if (found === 0) break;
      const index = (found & mask) - 1;
      if (((found ^ hash) & ~mask) === 0 && isAt(index, w0, w1, w2, w3)) return index;
      slot = (slot + 1) & mask;
    }
    if (size === most) {
      grow();
      return indexOf(w0, w1, w2, w3);
    }
    slots[slot] = (hash & ~mask) | (size + 1);
    const at = size * words;
    keys[at] = w0;
    if (words > 1) keys[at + 1] = w1;
    if (isLong) {
      keys[at + 2] = w2;
      keys[at + 3] = w3;
    }
    size += 1;
    return size - 1;
  }

  return {
    indexOf,
    wordAt: (index, word) => keys[index * words + word] ?? 0,
    size: () => size,
  };
}

/** How many a table of this many slots holds: some slot stays empty, so that a search ends. */
function mostOf(capacity: number): number {
  return (capacity / 8) * 7;
}

/** So that nobody can choose addresses that all land in one place. */
const SEED = Math.floor(Math.random() * 0x1_0000_0000);

/** A well-mixed 32-bit number (MurmurHash3, by Austin Appleby, public domain); words that are 0 cost little. */
function mix(w0: number, w1: number, w2: number, w3: number): number {
  let hash = SEED ^ w0;
  if ((w1 | w2 | w3) !== 0) hash = stir(stir(stir(hash, w1), w2), w3);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function stir(hash: number, word: number): number {
  const turned = Math.imul(hash ^ (hash >>> 16), 0xcc9e2d51);
  return Math.imul((turned << 15) | (turned >>> 17), 0x1b873593) ^ word;
}
