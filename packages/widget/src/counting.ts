import { channelOf } from "./channel.ts";

/** What a server answers, as far as the element needs it. */
export interface Answer {
  readonly count: number;
  readonly windowSeconds: number;
  readonly asOf: string;
  readonly stale: boolean;
}

/** An answer, or the status that came instead: 0 where there was none, or none the page may read. */
type Reply = Answer | number;

/** How often a page that is counted on its server asks, in milliseconds. */
const POLL_MS = 10_000;
const TIMEOUT_MS = 10_000;

/** Counts and asks for as long as the page is visible, by the element's attributes. Returns the way to end it. */
export function startCounting(
  host: HTMLElement,
  base: string,
  listener: (answer: Answer | null) => void,
): () => void {
  let isCounting = host.getAttribute("heartbeat") !== "off";
  let waitMs = POLL_MS;
  /** The latest tick; an earlier one whose answer comes late neither shows it nor goes on. */
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stream: EventSource | undefined;
  let streamed = "";
  /** Events of the stream so far: an answer that was asked for before the latest is older than it. */
  let told = 0;
  let hasWarned = false;

  const channel = () => channelOf(host.getAttribute("channel"), location.pathname);
  const query = () => `?channel=${encodeURIComponent(channel())}`;

  /** Tells the page's owner, who reads it in the console: once, for it comes again with every tick. */
  const warn = (what: string) => {
    // oxlint-disable-next-line no-console
    if (!hasWarned) console.warn(`<online-count>: ${what}`);
    hasWarned = true;
  };

  const ask = (path: string, init?: RequestInit): Promise<Reply> =>
    fetch(base + path, { credentials: "omit", signal: AbortSignal.timeout(TIMEOUT_MS), ...init })
      .then(async (response) => {
        if (response.ok) return response.json();
        // A channel that is not allowed, or a number that is not public: the server says which variable to set.
        if (!init && /40\d/.test(`${response.status}`)) warn((await response.json()).detail);
        return response.status;
      })
      .catch(() => 0);

  const count = async (): Promise<Reply> => {
    const reply = await ask("v1/heartbeat", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ channel: channel() }),
    });
    if (typeof reply !== "number") {
      waitMs = (reply.windowSeconds * 1000) / 3;
      return reply;
    }
    const shown = await ask(`v1/online${query()}`);
    // A refused origin and a lost server look alike to a page; that the public number answers tells them apart.
    if (typeof shown !== "number" && (reply === 403 || reply === 0)) {
      isCounting = reply !== 403;
      warn(`not counted. Add ${location.origin} to PRESENCE_CORS_ORIGINS of ${base}`);
    }
    return shown;
  };

  const follow = () => {
    // A stream that was refused is closed for good; one that broke comes back by itself.
    if (streamed === query() && stream?.readyState !== 2) return;
    stream?.close();
    streamed = query();
    stream = new EventSource(`${base}v1/online/stream${streamed}`);
    stream.addEventListener("count", (event) => {
      told += 1;
      listener(JSON.parse(event.data));
    });
    stream.addEventListener("unavailable", () => listener(null));
  };

  const pause = () => {
    turn += 1;
    clearTimeout(timer);
    stream?.close();
    streamed = "";
  };

  const tick = async () => {
    clearTimeout(timer);
    const own = ++turn;
    if (host.hasAttribute("live")) follow();
    if (isCounting || stream?.readyState !== 1) {
      const before = told;
      const reply = await (isCounting ? count() : ask(`v1/online${query()}`));
      if (own !== turn) return;
      if (told === before) listener(typeof reply === "number" ? null : reply);
    }
    timer = setTimeout(() => void tick(), waitMs);
  };

  const onVisibility = () => (document.visibilityState === "visible" ? void tick() : pause());
  document.addEventListener("visibilitychange", onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    pause();
  };
}
