// @boundaries-ignore the settings every package shares live at the root
import { presenceTests } from "../../vitest.shared.ts";

// By itself, on a machine that does nothing else; each minute is told as it ends.
export default presenceTests({
  include: ["test/soak/**/*.test.ts"],
  disableConsoleIntercept: true,
  outputFile: { json: ".test-results/soak.json" },
});
