import type { Visitor } from "@presence/api-contract";
import { shallowRef } from "vue";
import { ApiError } from "../api/problem.ts";
import { useApi } from "./use-api.ts";

/** Visitors of one request while searching. */
const PAGE_VISITORS = 1_000;
/** Where a search ends; for more visitors than that there is a command line. */
const LIMIT_VISITORS = 50_000;
/** Matches shown; a longer list is no answer. */
const SHOWN_VISITORS = 200;

/** What a search found so far. */
export interface SearchResult {
  readonly asOf: string;
  /** When its first page arrived, on the page's monotonic clock. */
  readonly arrivedMs: number;
  readonly matches: readonly Visitor[];
  readonly matched: number;
  readonly searched: number;
  readonly isOver: boolean;
  /** Whether it ended before the last page. */
  readonly isCut: boolean;
}

/** Looks through all pages of who is online on `channel` for a part of a visitor's text (admin). */
export function useVisitorSearch(channel: string, onError: (error: ApiError) => void) {
  const api = useApi();
  const result = shallowRef<SearchResult | null>(null);
  let turn = 0;

  async function searchAll(wanted: string, own: number): Promise<void> {
    let found: Omit<SearchResult, "asOf" | "isOver" | "isCut"> = {
      arrivedMs: 0,
      matches: [],
      matched: 0,
      searched: 0,
    };
    let cursor: string | undefined;
    let isOver = false;
    while (!isOver) {
      // Each page begins with the cursor of the one before.
      // oxlint-disable-next-line no-await-in-loop
      const page = await api.visitors({ channel, limit: PAGE_VISITORS, order: "recent", cursor });
      if (turn !== own) return;
      const matches = page.visitors.filter(({ visitor }) => visitor.toLowerCase().includes(wanted));
      found = {
        arrivedMs: found.arrivedMs || performance.now(),
        matches: [...found.matches, ...matches].slice(0, SHOWN_VISITORS),
        matched: found.matched + matches.length,
        searched: found.searched + page.visitors.length,
      };
      cursor = page.nextCursor ?? undefined;
      isOver = cursor === undefined || found.searched >= LIMIT_VISITORS;
      result.value = { ...found, asOf: page.asOf, isOver, isCut: isOver && cursor !== undefined };
    }
  }

  return {
    /** `null` while nothing is searched for. */
    result,
    async search(text: string): Promise<void> {
      const own = ++turn;
      const wanted = text.trim().toLowerCase();
      if (wanted === "") {
        result.value = null;
        return;
      }
      try {
        await searchAll(wanted, own);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (turn === own) onError(error);
      }
    },
  };
}
