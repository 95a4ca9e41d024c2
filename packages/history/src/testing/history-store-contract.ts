import { describe } from "vitest";
import { lifetimeContract } from "./lifetime-contract.ts";
import { modelContract } from "./model-contract.ts";
import { peaksContract } from "./peaks-contract.ts";
import { rangeContract } from "./range-contract.ts";
import { samplesContract } from "./samples-contract.ts";
import type { HistoryPlace } from "./support.ts";

/** What {@link historyStoreContract} needs to know of a store. */
export interface HistoryContractOptions {
  readonly name: string;
  /** A place for a history that nobody has used; the contract closes what it opens there. */
  readonly fresh: () => Promise<HistoryPlace>;
  /** Histories of the model test. @default 50 */
  readonly runs?: number;
  /** Whether several may write at once; some servers of MongoDB's protocol lose updates then. @default true */
  readonly hasAtomicUpdates?: boolean;
}

/** What every `HistoryStore` must do, as vitest tests. Call it once per implementation. */
export function historyStoreContract(options: HistoryContractOptions): void {
  const { name, fresh, runs = 50, hasAtomicUpdates = true } = options;
  describe(`${name} keeps the contract of a history store`, () => {
    samplesContract(fresh, hasAtomicUpdates);
    rangeContract(fresh);
    peaksContract(fresh);
    lifetimeContract(fresh);
    modelContract(fresh, runs);
  });
}
