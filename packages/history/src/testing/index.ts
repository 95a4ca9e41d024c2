export { historyStoreContract, type HistoryContractOptions } from "./history-store-contract.ts";
export type { HistoryPlace } from "./support.ts";
