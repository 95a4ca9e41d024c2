export { manualClock, type ManualClock } from "./manual-clock.ts";
export { presenceStoreContract, type StoreContractOptions } from "./store-contract.ts";
