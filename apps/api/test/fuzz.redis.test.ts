import { redisForTests } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { fuzzApi, type FuzzOptions } from "../scripts/support/fuzz-api.ts";
import { onRedis } from "./support/programs.ts";

const SHORT: FuzzOptions = { seed: 20_261_125, length: { casesPerOperation: 4 } };

async function whatIsWrong(options: FuzzOptions): Promise<string> {
  const { cases, operations, failures, errors, output } = await fuzzApi(options);
  expect(cases).toBeGreaterThan(400);
  expect(operations).toBe(17);
  return failures.length + errors.length === 0 ? "" : output;
}

describe("whatever the OpenAPI document allows or forbids", { timeout: 600_000 }, () => {
  it("is answered as it says by an embedded API", async () => {
    expect(await whatIsWrong(SHORT)).toBe("");
  });

  it("is answered as it says by an API over Redis", async () => {
    await using redis = await redisForTests();
    expect(await whatIsWrong({ ...SHORT, env: onRedis(redis), isStoreLate: true })).toBe("");
  });
});
