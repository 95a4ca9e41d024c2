import { presenceTests } from "./vitest.shared.ts";

// The house tests: what holds for the repository as a whole, each from outside.
export default presenceTests({ testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false });
