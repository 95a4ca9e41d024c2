// @boundaries-ignore the settings every package shares live at the root
import { presenceTests } from "../../vitest.shared.ts";

export default presenceTests({
  exclude: ["test/faults/**", "test/soak/**"],
  // Floods of 20,000 requests take seconds, and a busy machine takes several times as long.
  testTimeout: 120_000,
});
