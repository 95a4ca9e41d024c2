import { expect, it } from "vitest";
import { printable } from "../src/lib/printable.ts";

it.each([
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8::/64", "2001:db8::/64"],
  ["a\u001b[31mb", String.raw`a\x1b[31mb`],
  ["\u202egnp.exe", String.raw`\xe2\x80\xaegnp.exe`],
  ["人", String.raw`\xe4\xba\xba`],
  ["tab\tand\nline", String.raw`tab\x09and\x0aline`],
])("shows %j as %s", (text, shown) => {
  expect(printable(text)).toBe(shown);
});
