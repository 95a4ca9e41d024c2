import { z } from "zod";
import { CHANNEL_PATTERN, VISITOR_PATTERN } from "./limits.ts";

/** What may stand where an address is wanted; whether it is one is for the server to judge. */
export const ADDRESS_TEXT_PATTERN: RegExp = /^[\s\S]{1,128}$/;

/** A user agent as it is taken. */
export const USER_AGENT_PATTERN: RegExp = /^[\s\S]{0,1024}$/;

const INSTANT_PATTERN = z.regexes.datetime({ offset: true });

interface MoreOfSighting {
  readonly channel?: string;
  readonly at?: string;
  readonly userAgent?: string;
}

/** A sighting of the right form. */
export type PlainSighting = MoreOfSighting & ({ readonly ip: string } | { readonly visitor: string });

type Fields = { readonly [Key in "ip" | "visitor" | keyof MoreOfSighting]?: unknown };

/**
 * Whether the schema of a sighting takes `item`, for the shapes that nearly all callers send: `true` is the
 * schema's word, `false` means that the schema must be asked. It costs a fraction of the schema, whose price at
 * 10,000 sightings a request would be most of the whole.
 */
export function isPlainSighting(item: unknown): item is PlainSighting {
  if (typeof item !== "object" || item === null) return false;
  const { ip, visitor, channel, at, userAgent }: Fields = item;
  const hasAddress = ip !== undefined;
  const isWho = hasAddress ? matches(ip, ADDRESS_TEXT_PATTERN) : matches(visitor, VISITOR_PATTERN);
  if (!isWho || (hasAddress && visitor !== undefined)) return false;
  if (channel !== undefined && !matches(channel, CHANNEL_PATTERN)) return false;
  if (at !== undefined && !matches(at, INSTANT_PATTERN)) return false;
  if (userAgent !== undefined && !matches(userAgent, USER_AGENT_PATTERN)) return false;
  const known =
    1 + Number(channel !== undefined) + Number(at !== undefined) + Number(userAgent !== undefined);
  return Object.keys(item).length === known;
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}
