import { createMemoryStore } from "../src/index.ts";
import { presenceStoreContract } from "../src/testing/index.ts";

presenceStoreContract({ name: "the memory store", create: async () => createMemoryStore(), runs: 2_000 });
