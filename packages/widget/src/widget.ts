import { startCounting } from "./counting.ts";
import { draw } from "./look.ts";

/** Where this script came from is where it reports to; a path before it (a proxy's prefix) is kept. */
const here = import.meta.url;

/** The language around the element. A tag that is none, like `en_US`, is the browser's instead of an error. */
function languageOf(element: HTMLElement): string {
  const lang = element.closest<HTMLElement>("[lang]")?.lang;
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? navigator.language;
  } catch {
    return navigator.language;
  }
}

/**
 * `<online-count>`: counts this page's visitor and shows how many are online.
 *
 * Attributes: `server` (where Presence is; default: where the script came from), `channel` (a name, or `path` for
 * the page's own), `heartbeat="off"` (the page is counted on its server), `live` (follow each change), `label`,
 * `lang`. It fires `count` with the server's answer as `detail`. The attribute `state` is `live` or `stale`.
 */
export class OnlineCountElement extends HTMLElement {
  static readonly observedAttributes: readonly string[] = [
    "server",
    "channel",
    "heartbeat",
    "live",
    "label",
    "lang",
  ];
  #end: (() => void) | undefined;

  connectedCallback(): void {
    const parts = draw(this);
    const lang = languageOf(this);
    const isChinese = lang.startsWith("zh");
    const server = new URL("./", this.getAttribute("server")?.replace(/\/*$/, "/") ?? here).href;
    let asOf = "";
    parts.count.textContent = "–";
    parts.label.textContent = this.getAttribute("label") ?? (isChinese ? "人在线" : "online");

    this.#end = startCounting(this, server, (answer) => {
      const isStale = !answer || answer.stale;
      if (answer) {
        asOf = new Date(answer.asOf).toLocaleTimeString(lang);
        parts.count.textContent = answer.count.toLocaleString(lang);
        this.dispatchEvent(new CustomEvent("count", { detail: answer }));
      }
      this.setAttribute("state", isStale ? "stale" : "live");
      parts.note.textContent = isStale && asOf ? (isChinese ? "截至 " : "as of ") + asOf : "";
    });
  }

  disconnectedCallback(): void {
    this.#end?.();
    this.#end = undefined;
  }

  attributeChangedCallback(): void {
    if (!this.#end) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }
}

if (!customElements.get("online-count")) customElements.define("online-count", OnlineCountElement);
