import Table from "cli-table3";

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** @default "left" */
  readonly align?: "left" | "right";
}

const SIDE_SPACES = 2;
const NO_TOP = { top: "", "top-mid": "", "top-left": "", "top-right": "" };
const NO_BOTTOM = { bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" };

type Rows = readonly (readonly string[])[];

/** Rows under a head, in a frame, ended by a new line. Cells are printed as they are: escape them first. */
export function renderTable(columns: readonly Column[], rows: Rows): string {
  return draw(columns, rows, widthsOf(columns, rows), { isFirst: true, isLast: true });
}

/** A table whose rows come in pieces, so that nobody has to hold all of them. */
export interface TablePieces {
  /** The next rows; widths are those of the first piece, and longer cells go on in the next line. */
  rows(rows: Rows): string;
  /** What closes the frame. */
  end(): string;
}

/** Begins a table in pieces. */
export function startTable(columns: readonly Column[]): TablePieces {
  let widths: readonly number[] | null = null;
  return {
    rows(rows) {
      const isFirst = widths === null;
      widths ??= widthsOf(columns, rows);
      return draw(columns, rows, widths, { isFirst, isLast: false });
    },
    end() {
      if (widths === null) return renderTable(columns, []);
      // The library draws no frame around nothing.
      return `└${widths.map((width) => "─".repeat(width + SIDE_SPACES)).join("┴")}┘\n`;
    },
  };
}

function widthsOf(columns: readonly Column[], rows: Rows): number[] {
  return columns.map(({ title }, index) =>
    rows.reduce((widest, row) => Math.max(widest, row[index]?.length ?? 0), title.length),
  );
}

function draw(
  columns: readonly Column[],
  rows: Rows,
  widths: readonly number[],
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): string {
  const table = new Table({
    ...(isFirst ? { head: columns.map(({ title }) => title) } : {}),
    colAligns: columns.map(({ align = "left" }) => align),
    colWidths: widths.map((width) => width + SIDE_SPACES),
    wordWrap: true,
    wrapOnWordBoundary: false,
    chars: { ...(isFirst ? {} : NO_TOP), ...(isLast ? {} : NO_BOTTOM) },
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  const text = table.toString();
  return text === "" ? "" : `${text}\n`;
}
