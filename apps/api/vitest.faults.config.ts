// @boundaries-ignore the settings every package shares live at the root
import { presenceTests } from "../../vitest.shared.ts";

// One after the other, on a machine that does nothing else: they measure.
export default presenceTests({
  include: ["test/faults/**/*.test.ts"],
  fileParallelism: false,
  testTimeout: 300_000,
  outputFile: { json: ".test-results/faults.json" },
});
