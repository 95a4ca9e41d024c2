import { CHANNEL_PATTERN } from "@presence/api-contract";
import { assert, property, webPath } from "fast-check";
import { expect, it } from "vitest";
import { channelOf } from "../src/channel.ts";

it.each([
  [null, "/", "site"],
  ["", "/", "site"],
  ["news", "/", "news"],
  ["path", "/", "page:/"],
  ["path", "/pricing", "page:/pricing"],
  ["path", "/Pricing/", "page:/pricing"],
  ["path", "/%E4%B8%AD%E6%96%87", "page:/%e4%b8%ad%e6%96%87"],
  ["path", "/a+b(c)", "page:/a%2bb%28c%29"],
])("counts channel=%j on %s as %s", (name, path, channel) => {
  expect(channelOf(name, path)).toBe(channel);
});

it("makes a channel's name of every path", () => {
  assert(property(webPath({ size: "large" }), (path) => CHANNEL_PATTERN.test(channelOf("path", path))));
});
