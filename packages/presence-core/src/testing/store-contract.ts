import { describe } from "vitest";
import type { PresenceStore } from "../store.ts";
import { listContract } from "./list-contract.ts";
import { modelContract } from "./model-contract.ts";
import { sightingsContract } from "./sightings-contract.ts";
import { upkeepContract } from "./upkeep-contract.ts";

/** What {@link presenceStoreContract} needs to know of a store. */
export interface StoreContractOptions {
  readonly name: string;
  /** A fresh, empty store that is ready; the contract closes it. */
  readonly create: () => Promise<PresenceStore>;
  /** Command sequences of the model test. @default 100 */
  readonly runs?: number;
}

/** What every {@link PresenceStore} must do, as vitest tests. Call it once per implementation and layout. */
export function presenceStoreContract({ name, create, runs = 100 }: StoreContractOptions): void {
  describe(`${name} keeps the contract of a presence store`, () => {
    sightingsContract(create);
    listContract(create);
    upkeepContract(create);
    modelContract(create, runs);
  });
}
