import type { HistoryTables } from "../tables.ts";

/** Tables that are opened with the first call; where that fails, the call does, and the next one tries again. */
export function openedLate(name: HistoryTables["name"], open: () => Promise<HistoryTables>): HistoryTables {
  let opening: Promise<HistoryTables> | null = null;

  async function tables(): Promise<HistoryTables> {
    opening ??= open();
    try {
      return await opening;
    } catch (error) {
      opening = null;
      throw error;
    }
  }

  return {
    name,
    add: async (...args) => (await tables()).add(...args),
    rows: async (...args) => (await tables()).rows(...args),
    highestDay: async (...args) => (await tables()).highestDay(...args),
    peakRecords: async (...args) => (await tables()).peakRecords(...args),
    beginPeak: async (...args) => (await tables()).beginPeak(...args),
    removeSome: async (...args) => (await tables()).removeSome(...args),
    async close() {
      // What could not be opened needs no closing.
      const opened = await opening?.catch(() => null);
      await opened?.close();
    },
  };
}
