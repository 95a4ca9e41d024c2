import type { AddressWords } from "../access-log/address-bytes.ts";
import { createWordTable } from "../access-log/word-table.ts";

/** What is kept of the lines of one address. */
export interface LatestSighting {
  readonly address: string;
  readonly atMs: number;
  /** How many lines it stands for. */
  readonly lines: number;
}

/** The latest sighting of each address, in a few bytes each and without a text until it is asked for. */
export interface LatestSightings {
  see(address: AddressWords, atMs: number): void;
  /** How many addresses there are. */
  size(): number;
  /** Takes all of them out. */
  takeAll(): Generator<LatestSighting>;
}

const FIRST_CAPACITY = 1 << 12;

/** IPv4 is kept as the IPv6 address it is mapped to, which no other address is (RFC 4291, 2.5.5.2). */
const MAPPED = 0xffff;

export function createLatestSightings(): LatestSightings {
  let table = createWordTable(4);
  let times = new Float64Array(FIRST_CAPACITY);
  let lines = new Uint32Array(FIRST_CAPACITY);

  return {
    see({ isIpv6, w0, w1, w2, w3 }, atMs) {
      const known = table.size();
      const index = table.indexOf(w0, w1, isIpv6 ? w2 : MAPPED, w3);
      if (index < known) {
        if (atMs > (times[index] ?? 0)) times[index] = atMs;
        lines[index] = (lines[index] ?? 0) + 1;
        return;
      }
      if (index === times.length) {
        times = new Float64Array(times.buffer.transfer(times.byteLength * 2));
        lines = new Uint32Array(lines.buffer.transfer(lines.byteLength * 2));
      }
      times[index] = atMs;
      lines[index] = 1;
    },

    size: () => table.size(),

    *takeAll() {
      const taken = table;
      table = createWordTable(4);
      const [takenTimes, takenLines] = [times, lines];
      times = new Float64Array(FIRST_CAPACITY);
      lines = new Uint32Array(FIRST_CAPACITY);
      for (let index = 0; index < taken.size(); index += 1) {
        const words = [0, 1, 2, 3].map((word) => taken.wordAt(index, word));
        yield { address: textOf(words), atMs: takenTimes[index] ?? 0, lines: takenLines[index] ?? 0 };
      }
    },
  };
}

/** Any text of the address: who is told of it has a canonical one of its own. */
function textOf([w0 = 0, w1 = 0, w2 = 0, w3 = 0]: readonly number[]): string {
  if (w0 === 0 && w1 === 0 && w2 === MAPPED)
    return `${w3 >>> 24}.${(w3 >>> 16) & 0xff}.${(w3 >>> 8) & 0xff}.${w3 & 0xff}`;
  return [w0, w1, w2, w3]
    .map((word) => `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`)
    .join(":");
}
