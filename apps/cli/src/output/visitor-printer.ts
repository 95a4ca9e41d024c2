import type { Visitor, VisitorPage } from "@presence/api-contract";
import { csvRow } from "./csv.ts";
import { asciiJson } from "./json.ts";
import { safeText } from "./safe-text.ts";
import { startTable } from "./table.ts";
import { duration, fullTime } from "./words.ts";

/** The forms of a list. */
export type ListFormat = "table" | "json" | "csv" | "plain";

/** Prints visitors page by page, without holding more than one page. */
export interface VisitorPrinter {
  page(page: VisitorPage): string;
  /** What comes after the last page. */
  end(nextCursor: string | null): string;
  /** How many visitors it has printed. */
  visitors(): number;
}

/** A printer of one form. */
export function createVisitorPrinter(format: ListFormat): VisitorPrinter {
  let printed = 0;
  const { page, end } = FORMS[format]();
  return {
    page(next) {
      const text = page(next, printed);
      printed += next.visitors.length;
      return text;
    },
    end,
    visitors: () => printed,
  };
}

interface Form {
  /** @param before How many visitors have been printed before. */
  page(page: VisitorPage, before: number): string;
  end(nextCursor: string | null): string;
}

const FORMS: Readonly<Record<ListFormat, () => Form>> = {
  table: tableForm,
  json: jsonForm,
  csv: () => ({
    page: ({ visitors }, before) =>
      (before === 0 ? csvRow(["visitor", "lastSeen", "secondsAgo"]) : "") + csvRows(visitors),
    end: () => "",
  }),
  plain: () => ({
    page: ({ visitors }) => visitors.map(({ visitor }) => `${safeText(visitor)}\n`).join(""),
    end: () => "",
  }),
};

function tableForm(): Form {
  const table = startTable([{ title: "Visitor" }, { title: "Last seen" }, { title: "Ago", align: "right" }]);
  let isBegun = false;
  return {
    page({ visitors, asOf }) {
      if (visitors.length === 0) return "";
      isBegun = true;
      const asOfMs = Date.parse(asOf);
      return table.rows(
        visitors.map(({ visitor, lastSeen, foreign }) => [
          foreign === true ? `${safeText(visitor)} (foreign)` : safeText(visitor),
          fullTime(lastSeen),
          duration(Math.max(0, asOfMs - Date.parse(lastSeen))),
        ]),
      );
    },
    // No frame around nothing: a sentence beside it says so.
    end: () => (isBegun ? table.end() : ""),
  };
}

/** The API's answer, its visitors written as they come. */
function jsonForm(): Form {
  let isBegun = false;
  return {
    page({ asOf, identity, visitors }, before) {
      const head = isBegun ? "" : `${asciiJson({ asOf, identity }).slice(0, -1)},"visitors":[`;
      isBegun = true;
      const items = visitors.map((visitor) => asciiJson(visitor)).join(",");
      return head + (before > 0 && items !== "" ? "," : "") + items;
    },
    end: (nextCursor) => `],"nextCursor":${asciiJson(nextCursor)}}\n`,
  };
}

function csvRows(visitors: readonly Visitor[]): string {
  return visitors
    .map(({ visitor, lastSeen, secondsAgo }) => csvRow([visitor, lastSeen, secondsAgo]))
    .join("");
}
