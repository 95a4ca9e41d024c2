interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/**
 * Every reason a request is refused or fails: its stable code, the status it is answered with and its title.
 * Codes are added, never renamed or given another status.
 */
export const PROBLEMS = {
  PRESENCE_INVALID_REQUEST: { status: 400, title: "The request is not well formed" },
  PRESENCE_INVALID_JSON: { status: 400, title: "The body is not JSON" },
  PRESENCE_INVALID_CHANNEL: { status: 400, title: "That is not a channel's name" },
  PRESENCE_INVALID_VISITOR: { status: 400, title: "That is not a visitor" },
  PRESENCE_INVALID_ADDRESS: { status: 400, title: "That is not an address" },
  PRESENCE_INVALID_WINDOW: { status: 400, title: "That window cannot be counted" },
  PRESENCE_INVALID_LIMIT: { status: 400, title: "That limit is out of bounds" },
  PRESENCE_INVALID_CURSOR: { status: 400, title: "That cursor was not made by this server" },
  PRESENCE_INVALID_TIME: { status: 400, title: "That is not an instant" },
  PRESENCE_TIME_IN_FUTURE: { status: 400, title: "The sighting is of the future" },
  PRESENCE_TIME_EXPIRED: { status: 400, title: "The sighting is older than the window" },
  PRESENCE_RANGE_TOO_LONG: { status: 400, title: "The range has too many points" },
  PRESENCE_UNAUTHORIZED: { status: 401, title: "A token is needed" },
  PRESENCE_FORBIDDEN: { status: 403, title: "The token is for something else" },
  PRESENCE_NO_TOKENS_CONFIGURED: { status: 403, title: "This server has no token for that" },
  PRESENCE_ORIGIN_NOT_ALLOWED: { status: 403, title: "That site may not count here" },
  PRESENCE_CHANNEL_NOT_ALLOWED: { status: 403, title: "That channel is not counted here" },
  PRESENCE_IGNORED: { status: 403, title: "That visitor is not counted here" },
  PRESENCE_NOT_FOUND: { status: 404, title: "There is nothing here" },
  PRESENCE_METHOD_NOT_ALLOWED: { status: 405, title: "The path has no such method" },
  PRESENCE_REQUEST_TIMEOUT: { status: 408, title: "The request took too long to arrive" },
  PRESENCE_BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  PRESENCE_TOO_MANY_SIGHTINGS: { status: 413, title: "There are too many sightings in one request" },
  PRESENCE_UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "The body must be application/json" },
  PRESENCE_TOO_MANY_REQUESTS: { status: 429, title: "There were too many requests" },
  PRESENCE_TOO_MANY_STREAMS: { status: 429, title: "This client has too many streams open" },
  PRESENCE_TOO_MANY_CHANNELS: { status: 429, title: "There are too many channels" },
  PRESENCE_HEADERS_TOO_LARGE: { status: 431, title: "The headers are too large" },
  PRESENCE_INTERNAL: { status: 500, title: "The server made a mistake" },
  PRESENCE_INVALID_OPTION: { status: 500, title: "The server is configured wrongly" },
  PRESENCE_STORE_UNAVAILABLE: { status: 503, title: "The store cannot be reached" },
  PRESENCE_STORE_REFUSED: { status: 503, title: "The store refuses to answer" },
  PRESENCE_HISTORY_UNAVAILABLE: { status: 503, title: "The history cannot be reached" },
  PRESENCE_BUFFER_FULL: { status: 503, title: "The server cannot keep more for now" },
  PRESENCE_STREAMS_FULL: { status: 503, title: "The server has no stream to give for now" },
  PRESENCE_CLOSED: { status: 503, title: "The server is shutting down" },
} as const satisfies Record<string, ProblemKind>;

/** A stable reason; compare this, never a title or a detail. */
export type ProblemCode = keyof typeof PROBLEMS;

/** The status a problem is answered with. */
export function statusOf(code: ProblemCode): (typeof PROBLEMS)[ProblemCode]["status"] {
  return PROBLEMS[code].status;
}

/** Whether `code` is one this version knows. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
