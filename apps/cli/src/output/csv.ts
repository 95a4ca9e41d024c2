import { safeText } from "./safe-text.ts";

/**
 * One row of CSV (RFC 4180, lines ended by LF). A cell that a spreadsheet would take for a formula is quoted and
 * begins with an apostrophe.
 */
export function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => (typeof cell === "number" ? String(cell) : csvCell(cell))).join(",")}\n`;
}

function csvCell(text: string): string {
  const safe = safeText(text);
  const isFormula = /^[=+\-@]/.test(safe);
  if (!isFormula && !/[",]/.test(safe)) return safe;
  return `"${isFormula ? "'" : ""}${safe.replaceAll('"', '""')}"`;
}
