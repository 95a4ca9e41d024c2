import type { LogLine } from "./log-line.ts";
import { readTimeField } from "./log-time.ts";
import { readAddress } from "./read-address.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where servers keep the client's address, in the order of trust: what they made out before what they saw. */
const ADDRESS_FIELDS = ["client_ip", "remote_addr", "remote_ip", "clientip", "ClientHost", "client", "ip"];
const TIME_FIELDS = [
  "ts",
  "time_iso8601",
  "msec",
  "time_local",
  "time",
  "timestamp",
  "@timestamp",
  "StartUTC",
];
const AGENT_FIELDS = ["http_user_agent", "user_agent", "request_User-Agent"];

/** Reads a line of Caddy, or of an nginx (or other) log whose format is JSON. False for a line that is none. */
export function parseJsonLine(line: LogLine): boolean {
  const fields = parseObject(line.bytes.toString("utf8", line.start, line.end));
  if (fields === null) return false;
  const inner = fields["request"];
  const request: Fields = isObject(inner) ? inner : {};
  const address = firstText(request, ADDRESS_FIELDS) ?? firstText(fields, ADDRESS_FIELDS);
  if (address === null) return false;
  line.atMs = timeOf(fields);
  if (line.atMs === -1) return false;
  line.addressText = address;
  line.quotesStart = -1;
  line.userAgentText = firstText(fields, AGENT_FIELDS) ?? headerOf(request, "User-Agent");
  const bytes = Buffer.from(address, "latin1");
  return readAddress(bytes, 0, bytes.length, line);
}

function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    // A malformed line; the caller counts it.
    return null;
  }
}

function timeOf(fields: Fields): number {
  for (const name of TIME_FIELDS) {
    if (fields[name] === undefined) continue;
    const atMs = readTimeField(fields[name]);
    if (atMs !== -1) return atMs;
  }
  return -1;
}

function firstText(fields: Fields, names: readonly string[]): string | null {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}

/** Caddy keeps each header as a list. */
function headerOf({ headers }: Fields, name: string): string | null {
  if (!isObject(headers)) return null;
  const value = headers[name];
  const [first] = Array.isArray(value) ? value : [value];
  return typeof first === "string" ? first : null;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
