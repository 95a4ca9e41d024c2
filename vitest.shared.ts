import { defineConfig, type ViteUserConfig } from "vitest/config";

/**
 * The settings every package's tests share: workspace packages are read from their sources (no build needed),
 * results are written where `scripts/test.ts` adds them up.
 */
export function presenceTests(overrides: NonNullable<ViteUserConfig["test"]> = {}): ViteUserConfig {
  const conditions = ["@presence/source"];
  return defineConfig({
    resolve: { conditions: [...conditions, "module", "node"] },
    ssr: { resolve: { conditions: [...conditions, "module", "node"] } },
    test: {
      include: ["test/**/*.test.ts"],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: { poll: { timeout: 20_000 } },
      reporters: ["default", "json"],
      outputFile: { json: ".test-results/results.json" },
      ...overrides,
    },
  });
}
