/** The channel that is meant where none is named. */
export const DEFAULT_CHANNEL = "site";

/** A channel's name: 1 to 128 characters, beginning with a letter or a digit. */
export const CHANNEL_PATTERN: RegExp = /^[a-z0-9][a-z0-9_.~/:%-]{0,127}$/;

/** A visitor's text: 1 to 64 bytes of printable ASCII without spaces. */
export const VISITOR_PATTERN: RegExp = /^[!-~]{1,64}$/;

/** Longest window anybody may ask for; a server narrows it to the one it is configured with. */
export const MAX_WINDOW_SECONDS = 86_400;

/** Most visitors on one page of a list. */
export const MAX_PAGE_VISITORS = 1_000;

/** Visitors on a page where the caller names no limit. */
export const DEFAULT_PAGE_VISITORS = 50;

/** Most visitors one request may forget. */
export const MAX_FORGET_VISITORS = 1_000;

/** Most sightings in one request; more is answered 413. */
export const MAX_SIGHTINGS = 10_000;

/** Largest body of sightings in bytes; a larger one is answered 413. */
export const MAX_SIGHTINGS_BYTES = 8 * 1024 * 1024;

/** Largest body of a heartbeat in bytes, which anybody may send; a larger one is answered 413. */
export const MAX_HEARTBEAT_BYTES = 4 * 1024;

/** Largest body of every other request in bytes; a larger one is answered 413. */
export const MAX_BODY_BYTES = 64 * 1024;

/** Milliseconds after which a prune stops where the caller names no limit. */
export const DEFAULT_PRUNE_MS = 1_000;

/** Longest a prune may be asked to run, in milliseconds: less than a shutdown waits for it. */
export const MAX_PRUNE_MS = 8_000;

/** Most points of one history answer. */
export const MAX_HISTORY_POINTS = 1_500;

/** Most days of one answer about distinct visitors. */
export const MAX_UNIQUES_DAYS = 400;

/** Most channels of one answer. */
export const MAX_CHANNELS = 1_000;
