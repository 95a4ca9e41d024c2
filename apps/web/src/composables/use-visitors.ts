import type { VisitorPage } from "@presence/api-contract";
import { computed, shallowRef } from "vue";
import { useApi } from "./use-api.ts";
import { useResource } from "./use-resource.ts";

/** Visitors on a page of the list. */
export const PAGE_VISITORS = 50;

/** Who is online on `channel`, most recent first, a page at a time (admin). */
export function useVisitors(channel: string) {
  const api = useApi();
  /** The cursor each page so far began with; the first page has none. */
  const cursors = shallowRef<readonly (string | undefined)[]>([undefined]);
  const cursor = computed(() => cursors.value.at(-1));
  const list = useResource<VisitorPage>(() =>
    api.visitors({ channel, limit: PAGE_VISITORS, order: "recent", cursor: cursor.value }),
  );

  return {
    ...list,
    pageNumber: computed(() => cursors.value.length),
    hasNext: computed(() => typeof list.data.value?.nextCursor === "string"),
    async next(): Promise<void> {
      const nextCursor = list.data.value?.nextCursor;
      if (typeof nextCursor !== "string") return;
      cursors.value = [...cursors.value, nextCursor];
      await list.refresh();
    },
    async previous(): Promise<void> {
      if (cursors.value.length > 1) cursors.value = cursors.value.slice(0, -1);
      await list.refresh();
    },
    /** Back to the first page, as of now. */
    async restart(): Promise<void> {
      cursors.value = [undefined];
      await list.refresh();
    },
  };
}
