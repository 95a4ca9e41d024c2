// What is evaluated in the page has nothing of this file around it.
/* oxlint-disable unicorn/consistent-function-scoping */
import type { Page } from "playwright-core";

/** What is wrong with the layout of a page, one sentence each: too wide, cut off, or one text on another. */
export function judgeLayout(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
      faults.push(`the page is ${document.documentElement.scrollWidth} px wide, the window ${width} px`);
    }

    const isShown = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const isHidden = (element: Element) =>
      element.closest(".visually-hidden, .skip, [popover], canvas, thead") !== null;
    const nameOf = (element: Element) =>
      `<${element.localName} class="${element.getAttribute("class") ?? ""}"> “${(element.textContent ?? "").trim().slice(0, 40)}”`;
    const hasOwnText = (element: Element) =>
      [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "",
      );
    /** The lines of a text as far as they are seen: a text with an ellipsis ends with its box. */
    const linesOf = (range: Range, element: Element) => {
      const end =
        getComputedStyle(element).overflowX === "hidden" ? element.getBoundingClientRect().right : Infinity;
      return [...range.getClientRects()].map(({ left, top, right, bottom }) => ({
        left,
        top,
        bottom,
        right: Math.min(right, end),
      }));
    };
    type Line = ReturnType<typeof linesOf>[number];
    const touch = (one: Line, other: Line) =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1.5 &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3;
    const texts = [...document.querySelectorAll("body *")].filter(
      (element) => hasOwnText(element) && isShown(element) && !isHidden(element),
    );

    const boxes = texts.map((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const box = range.getBoundingClientRect();
      return {
        element,
        box,
        lines: linesOf(range, element),
        isFixed: element.closest("header, .tabs") !== null,
      };
    });
    for (const { element, box } of boxes) {
      const scroller = element.closest("pre");
      const isEllipsis = getComputedStyle(element).textOverflow === "ellipsis";
      if (scroller !== null || isEllipsis) continue;
      if (box.left < -0.5 || box.right > width + 0.5) faults.push(`${nameOf(element)} leaves the window`);
      const holder = element.closest("a, button, td, th, li, p, .card") ?? element;
      const frame = holder.getBoundingClientRect();
      if (box.right > frame.right + 1.5 || box.left < frame.left - 1.5) {
        faults.push(`${nameOf(element)} leaves its ${holder.localName}`);
      }
    }
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        if (one.isFixed !== other.isFixed) continue;
        if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
        if (one.lines.some((line) => other.lines.some((otherLine) => touch(line, otherLine)))) {
          faults.push(`${nameOf(one.element)} overlaps ${nameOf(other.element)}`);
        }
      }
    }
    return faults;
  });
}
