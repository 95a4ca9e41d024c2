import axe, { type RunOnly } from "axe-core";
import type { Page } from "playwright-core";

/** What axe-core looks for: WCAG 2.2 AA and its own best practices. */
const EVERYTHING: RunOnly = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

/** What a change of colours can break. */
const COLOURS: RunOnly = { type: "rule", values: ["color-contrast"] };

/** What axe-core finds, one line per element: in everything, or in the colours of a page that is judged already. */
export async function judgeAccess(
  page: Page,
  what: "everything" | "colours" = "everything",
): Promise<string[]> {
  // By evaluation: the page's policy would refuse a script tag.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    async (runOnly) => {
      const results = await window.axe.run(document, { runOnly });
      return {
        violations: results.violations.map(({ id, help, nodes }) => ({
          id,
          help,
          nodes: nodes.map(({ html }) => html),
        })),
      };
    },
    what === "everything" ? EVERYTHING : COLOURS,
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map((html) => `${id}: ${help}: ${html}`));
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
