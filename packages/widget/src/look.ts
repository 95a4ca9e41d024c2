/** The element's pieces, by the names that `::part()` reaches them by. */
export type Parts = Record<"dot" | "count" | "label" | "note", HTMLElement>;

const CSS = `:host{display:inline-flex;align-items:baseline;gap:var(--online-count-gap,.4em);color:var(--online-count-color,inherit)}
:host([hidden]),[part=note]:empty{display:none}
[part=dot]{align-self:center;width:.5em;height:.5em;border-radius:50%;background:var(--online-count-dot,#16a34a)}
[part=count]{font-variant-numeric:tabular-nums;font-weight:600}
[part=note]{font-size:.85em}
:host([state=stale]){color:var(--online-count-stale,#6b7280)}
:host([state=stale]) [part=dot]{background:currentColor}`;

/**
 * Fills the shadow root. No markup and no style element: a constructed sheet and single nodes pass a page's
 * Content-Security-Policy and Trusted Types.
 */
export function draw(host: HTMLElement): Parts {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  const parts = { dot: part("dot"), count: part("count"), label: part("label"), note: part("note") };
  root.replaceChildren(...Object.values(parts));
  return parts;
}

function part(name: keyof Parts): HTMLElement {
  const element = document.createElement("span");
  element.setAttribute("part", name);
  return element;
}
