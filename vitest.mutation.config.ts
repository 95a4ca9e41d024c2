import { fileURLToPath } from "node:url";
import { presenceTests } from "./vitest.shared.ts";

// For `scripts/mutation.ts`, which runs the tests of a package once for each line it has changed.
export default presenceTests({
  // Nothing is evaluated anew for a change, so nothing needs a worker of its own.
  isolate: false,
  setupFiles: [fileURLToPath(new URL("scripts/support/quick-properties.ts", import.meta.url))],
});
