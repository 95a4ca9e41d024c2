import { counted } from "../output/words.ts";
import { isLoopback } from "../source/admin-token.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** Least characters of a token, as the API asks for them. */
const MIN_CHARACTERS = 32;

/** A text of fewer different characters is no random one. */
const MIN_DIFFERENT = 8;

const MAKE_ONE = "openssl rand -hex 32";

const VARIABLES = [
  { name: "PRESENCE_ADMIN_TOKENS", role: "admin" },
  { name: "PRESENCE_INGEST_TOKENS", role: "ingest" },
  { name: "PRESENCE_READ_TOKENS", role: "read" },
  { name: "PRESENCE_METRICS_TOKEN", role: "metrics" },
] as const;

interface Token {
  readonly variable: string;
  readonly role: string;
  /** Which of the variable's, from 1. */
  readonly place: string;
  readonly text: string;
}

/** The tokens of the environment; none of them is in any answer. Nothing where there are none. */
export function checkTokens(env: Readonly<Record<string, string | undefined>>): readonly Check[] {
  const tokens = VARIABLES.flatMap(({ name, role }) => tokensOf(env[name], name, role));
  if (tokens.length === 0) return [];
  const faults = [...tokens.flatMap(faultOf), ...sharedByRoles(tokens)];
  if (faults.length > 0) return faults;
  const roles = VARIABLES.flatMap(({ role }) => {
    const count = tokens.filter((token) => token.role === role).length;
    return count === 0 ? [] : [`${count} ${role}`];
  });
  return [ok("tokens", `${roles.join(", ")}: each of ${MIN_CHARACTERS} characters or more`)];
}

function tokensOf(value: string | undefined, variable: string, role: string): readonly Token[] {
  const texts = (value ?? "")
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  return texts.map((text, index) => {
    const place = texts.length === 1 ? variable : `token ${index + 1} of ${variable}`;
    return { variable, role, place, text };
  });
}

function faultOf({ place, text }: Token): readonly Check[] {
  const renew = `replace it by what ${MAKE_ONE} prints`;
  if (!/^[\x21-\x7e]+$/.test(text)) {
    return [
      fail("tokens", `${place} holds a space or a character outside ASCII: the API does not start`, renew),
    ];
  }
  if (text.length < MIN_CHARACTERS) {
    const length = `${place} has ${counted(text.length, "character")} of at least ${MIN_CHARACTERS}`;
    return [fail("tokens", `${length}: the API does not start`, renew)];
  }
  if (new Set(text).size < MIN_DIFFERENT) return [warn("tokens", `${place} looks easy to guess`, renew)];
  return [];
}

/** A token of two roles opens to the lesser what only the greater should have. */
function sharedByRoles(tokens: readonly Token[]): readonly Check[] {
  const byText = Map.groupBy(tokens, ({ text }) => text);
  return [...byText.values()].flatMap((same) => {
    const variables = [...new Set(same.map(({ variable }) => variable))];
    return variables.length < 2
      ? []
      : [
          warn(
            "tokens",
            `${variables.join(" and ")} share a token: whoever has the one has the other`,
            `make one for each: ${MAKE_ONE}`,
          ),
        ];
  });
}

/** A token that goes to another machine in the clear. */
export function checkTransport(url: string, token: string | undefined): readonly Check[] {
  const isOpen = token !== undefined && URL.parse(url)?.protocol === "http:" && !isLoopback(url);
  return isOpen
    ? [
        warn(
          "transport",
          `the token goes to ${new URL(url).origin} without encryption`,
          "put TLS in front of the API, and name it with https://",
        ),
      ]
    : [];
}
