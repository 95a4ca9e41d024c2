import { expect, it } from "vitest";
import { createHealth } from "@presence/service-kit";

it("goes from starting over ready to draining and never back", () => {
  const health = createHealth();
  expect(health.phase).toBe("starting");
  health.markReady();
  expect(health.phase).toBe("ready");
  health.markDraining();
  health.markReady();
  expect(health.phase).toBe("draining");
});
