/** A part of the house whose tests are themselves tested: each of its lines is changed, and some test must fail. */
export interface MutatedModule {
  /** Folder of its package. */
  readonly folder: string;
  /** The files that are changed, from that folder. */
  readonly mutate: readonly string[];
  /** The tests that have to notice. */
  readonly testFiles: readonly string[];
}

/** What a wrong line would make a wrong number of, or let somebody in by. */
export const MUTATED_MODULES: Readonly<Record<string, MutatedModule>> = {
  address: {
    folder: "packages/client-address",
    mutate: ["src/*.ts", "!src/index.ts"],
    testFiles: ["test/*.test.ts"],
  },
  window: {
    folder: "packages/presence-core",
    mutate: ["src/window.ts", "src/writers.ts", "src/redis/store-clock.ts"],
    testFiles: ["test/memory-store.test.ts", "test/presence/*.test.ts", "test/redis/store-clock.test.ts"],
  },
  shards: {
    folder: "packages/presence-core",
    mutate: ["src/redis/{slots,layout,members,keys,run-id}.ts"],
    testFiles: ["test/redis/*.test.ts"],
  },
  auth: {
    folder: "apps/api",
    mutate: ["src/http/access.ts", "src/admin-token.ts"],
    testFiles: ["test/http/access.test.ts", "test/admin-token.test.ts"],
  },
};
