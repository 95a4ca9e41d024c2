import type { Page } from "playwright-core";
import { encodeIndexedPng } from "./indexed-png.ts";

/** Bytes of one call of `String.fromCharCode`; more would be more arguments than a call takes. */
const SLICE_BYTES = 8_192;

/** The same picture as a small indexed PNG; `page`, a blank one, decodes it. */
export async function shrinkPng(page: Page, png: Buffer): Promise<Buffer> {
  const { width, height, bytes } = await page.evaluate(
    async ([data, sliceBytes]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      if (context === null) throw new Error("No canvas.");
      context.drawImage(image, 0, 0);
      const rgba = context.getImageData(0, 0, image.width, image.height).data;
      let text = "";
      for (let at = 0; at < rgba.length; at += sliceBytes) {
        text += String.fromCharCode(...rgba.subarray(at, at + sliceBytes));
      }
      return { width: image.width, height: image.height, bytes: btoa(text) };
    },
    [png.toString("base64"), SLICE_BYTES] as const,
  );
  return encodeIndexedPng({ width, height, rgba: Buffer.from(bytes, "base64") });
}
