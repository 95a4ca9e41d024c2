// @boundaries-ignore the settings every package shares live at the root
import { presenceTests } from "../vitest.shared.ts";

// By itself: it keeps the whole machine busy.
export default presenceTests({
  include: ["test/quick/**/*.test.ts"],
  testTimeout: 1_800_000,
  outputFile: { json: ".test-results/bench.json" },
});
