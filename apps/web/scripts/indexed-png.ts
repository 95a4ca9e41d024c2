import { crc32, deflateSync } from "node:zlib";

const MAX_COLOURS = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A picture as a canvas gives it: four bytes a pixel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/**
 * Writes a picture as an indexed PNG of at most 256 colours: a third of the size for what a page looks like.
 * Colours beyond that are joined by median cut (Heckbert, 1982), most-used ones kept exact longest; transparency
 * is dropped.
 */
export function encodeIndexedPng({ width, height, rgba }: Pixels): Buffer {
  const uses = new Map<number, number>();
  const colours = new Uint32Array(width * height);
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    const at = pixel * 4;
    const colour = ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);
    colours[pixel] = colour;
    uses.set(colour, (uses.get(colour) ?? 0) + 1);
  }
  const { palette, indexOf } = choosePalette(uses);
  const rows = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    // Each row begins with its filter: 0, none, which suits indices.
    rows[pixel + Math.floor(pixel / width) + 1] = indexOf.get(colours[pixel] ?? 0) ?? 0;
  }

  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const plte = Buffer.from(palette.flatMap((colour) => channelsOf(colour)));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", plte),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

type Uses = readonly (readonly [colour: number, pixels: number])[];

function choosePalette(uses: ReadonlyMap<number, number>) {
  const boxes: Uses[] = [[...uses]];
  while (boxes.length < MAX_COLOURS) {
    const widest = boxes.reduce((best, box) => (spreadOf(box).length > spreadOf(best).length ? box : best));
    const { channel, length } = spreadOf(widest);
    if (length === 0) break;
    boxes.splice(boxes.indexOf(widest), 1, ...halves(widest, channel));
  }
  const indexOf = new Map(boxes.flatMap((box, index) => box.map(([colour]) => [colour, index] as const)));
  return { palette: boxes.map((box) => meanOf(box)), indexOf };
}

const spreads = new WeakMap<Uses, { readonly channel: number; readonly length: number }>();

/** The channel in which the colours of a box differ most, weighed by how many pixels have them. */
function spreadOf(box: Uses): { readonly channel: number; readonly length: number } {
  const known = spreads.get(box);
  if (known !== undefined) return known;
  const pixels = box.reduce((sum, [, count]) => sum + count, 0);
  let spread = { channel: 0, length: 0 };
  for (const channel of [0, 1, 2]) {
    const values = box.map(([colour]) => channelsOf(colour)[channel] ?? 0);
    const length = (Math.max(...values) - Math.min(...values)) * Math.sqrt(pixels);
    if (length > spread.length) spread = { channel, length };
  }
  spreads.set(box, spread);
  return spread;
}

/** Two boxes with about half of the pixels each, never an empty one. */
function halves(box: Uses, channel: number): [Uses, Uses] {
  const sorted = box.toSorted(
    ([one], [other]) => (channelsOf(one)[channel] ?? 0) - (channelsOf(other)[channel] ?? 0),
  );
  const half = sorted.reduce((sum, [, count]) => sum + count, 0) / 2;
  let pixels = 0;
  let cut = 0;
  while (cut < sorted.length - 1 && (cut === 0 || pixels < half)) {
    pixels += sorted[cut]?.[1] ?? 0;
    cut += 1;
  }
  return [sorted.slice(0, cut), sorted.slice(cut)];
}

function meanOf(box: Uses): number {
  const pixels = box.reduce((sum, [, count]) => sum + count, 0);
  const mean = [0, 1, 2].map((channel) =>
    Math.round(
      box.reduce((sum, [colour, count]) => sum + (channelsOf(colour)[channel] ?? 0) * count, 0) / pixels,
    ),
  );
  return ((mean[0] ?? 0) << 16) | ((mean[1] ?? 0) << 8) | (mean[2] ?? 0);
}

function channelsOf(colour: number): readonly number[] {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];
}

function chunk(type: string, data: Buffer): Buffer {
  const name = Buffer.from(type, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(Buffer.concat([name, data])));
  return Buffer.concat([length, name, data, check]);
}
