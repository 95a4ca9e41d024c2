import { murmur3 } from "./murmur3.ts";

/** Bits of a hash that choose the register, as in Redis: 2^14 registers have a standard error of 0.81 %. */
const INDEX_BITS = 14;
const REGISTERS = 2 ** INDEX_BITS;
/** Bits of a 64-bit hash that are left to be looked at for leading zeros. */
const RANK_BITS = 64 - INDEX_BITS;
/** 1 / (2 ln 2): the bias of the harmonic mean for infinitely many registers. */
const ALPHA = 0.5 / Math.LN2;

const FIRST_SEED = 0x0badca11;
const SECOND_SEED = 0x5eed0b0e;

/** How many distinct texts there were, in 16 KiB however many. */
export interface HyperLogLog {
  /** Adds an ASCII text; one that was there changes nothing. */
  add(text: string): void;
  /** The estimate, rounded; standard error 0.81 %, next to none below a thousand. */
  count(): number;
}

/**
 * A dense HyperLogLog of the size and accuracy of Redis', after Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog:
 * the analysis of a near-optimal cardinality estimation algorithm" (2007). The estimate is the one that Redis takes
 * since 4.0 (`hllCount` in `hyperloglog.c`): Algorithm 6 of O. Ertl, "New cardinality estimation algorithms for
 * HyperLogLog sketches" (2017), https://arxiv.org/abs/1702.01284, which needs neither a table of biases nor another
 * formula for small counts. Redis' own sketch cannot be read by it: the hash is another.
 */
export function createHyperLogLog(): HyperLogLog {
  const registers = new Uint8Array(REGISTERS);
  return {
    add(text) {
      const first = murmur3(text, FIRST_SEED);
      const second = murmur3(text, SECOND_SEED);
      const index = first >>> (32 - INDEX_BITS);
      const rank = second === 0 ? 33 + zerosBelowIndex(first) : Math.clz32(second) + 1;
      if (rank > (registers[index] ?? 0)) registers[index] = rank;
    },
    count: () => estimate(registers),
  };
}

/** Leading zeros of a hash after the bits of the index. */
function zerosBelowIndex(hash: number): number {
  return Math.min(Math.clz32(hash << INDEX_BITS), 32 - INDEX_BITS);
}

function estimate(registers: Uint8Array): number {
  // How many registers have each value, 0 to RANK_BITS + 1.
  const amounts = new Uint32Array(RANK_BITS + 2);
  for (const value of registers) amounts[value] = (amounts[value] ?? 0) + 1;
  const share = (value: number): number => (amounts[value] ?? 0) / REGISTERS;

  let sum = tau(1 - share(RANK_BITS + 1));
  for (let value = RANK_BITS; value >= 1; value -= 1) sum = (sum + share(value)) / 2;
  return Math.round((ALPHA * REGISTERS) / (sum + sigma(share(0))));
}

/** Ertl's σ: x + Σ x^(2^k) 2^(k-1), until a term adds nothing; infinite at 1. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let sum = share;
  let before = Number.NaN;
  for (let power = share ** 2, weight = 1; sum !== before; power **= 2, weight *= 2) {
    before = sum;
    sum += power * weight;
  }
  return sum;
}

/** Ertl's τ: (1 - x - Σ (1 - x^(2^-k))² 2^-k) / 3, until a term takes nothing away. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let sum = 1 - share;
  let before = Number.NaN;
  for (let root = Math.sqrt(share), weight = 0.5; sum !== before; root = Math.sqrt(root), weight /= 2) {
    before = sum;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}
