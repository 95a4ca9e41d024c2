import { describe, expect, it } from "vitest";
import {
  channelPatternProblem,
  mongodbUrlProblem,
  originProblem,
  redisUrlProblem,
  tokenProblem,
} from "@presence/service-kit";

describe("redisUrlProblem", () => {
  it.each([
    "redis://localhost",
    "redis://localhost:6379/7",
    "redis://:password@10.0.0.1:6379",
    "rediss://user:p%40ss@redis.example.com:6380/0",
    "redis://[::1]:6379/0",
    "redis+sentinel://a:26379,b:26379,c:26379/mymaster",
    "redis+sentinel://user:pass@a:26379/mymaster/3",
    "rediss+sentinel://a/mymaster",
    "redis+cluster://a:7000,b:7001",
    "rediss+cluster://user:pass@a",
  ])("takes %s", (url) => {
    expect(redisUrlProblem(url)).toBeNull();
  });

  it.each([
    "localhost:6379",
    "http://localhost:6379",
    "redis:localhost",
    "redis://",
    "redis://host:port",
    "redis://host:0",
    "redis://host:70000",
    "redis://a,b",
    "redis://host/db",
    "redis://host/0/1",
    "redis+sentinel://a:26379",
    "redis+sentinel://a:26379/",
    "redis+cluster://a:7000/1",
    "redis://ho st",
  ])("refuses %s", (url) => {
    expect(redisUrlProblem(url)).toContain("the Redis URL");
  });
});

describe("other checks", () => {
  it("takes a token of 32 characters and refuses one of 31", () => {
    expect(tokenProblem("x".repeat(32))).toBeNull();
    expect(tokenProblem("x".repeat(31))).toContain("one has 31");
    expect(tokenProblem(`${"x".repeat(32)} y`)).toContain("without spaces");
  });

  it("takes an origin and refuses what has a path, a star or no scheme", () => {
    for (const good of ["https://example.com", "http://localhost:3000", "https://example.com/"]) {
      expect(originProblem(good)).toBeNull();
    }
    for (const bad of [
      "*",
      "example.com",
      "https://example.com/shop",
      "ftp://example.com",
      "https://user@example.com",
    ]) {
      expect(originProblem(bad)).toContain("no origin");
    }
  });

  it("takes MongoDB URLs", () => {
    expect(mongodbUrlProblem("mongodb://a:1,b:2/presence?replicaSet=x")).toBeNull();
    expect(mongodbUrlProblem("mongodb+srv://cluster.example.com/presence")).toBeNull();
    expect(mongodbUrlProblem("localhost")).toMatch(/^must /);
  });
});

describe("channelPatternProblem", () => {
  it("takes names and prefixes, and nothing reserved or unbounded", () => {
    for (const good of ["site", "page:*", "page:/pricing"]) expect(channelPatternProblem(good)).toBeNull();
    for (const bad of ["*", "Page", "bots:*", "bots:site", "a*b", ""]) {
      expect(channelPatternProblem(bad)).toContain("is no channel");
    }
  });
});
