import { PresenceClientError } from "./errors.ts";

/** Where the server is and how to introduce oneself. */
export interface Endpoint {
  /** Address of a route below the server's own, with the query that is set. */
  urlOf(path: string, query?: Query): URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Parameters of a query; those that are undefined are not sent. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** What {@link createEndpoint} takes. */
export interface EndpointOptions {
  readonly url: string | URL;
  readonly token?: string | undefined;
  readonly userAgent?: string | undefined;
}

/** Checks the options once, so that no call fails for them and no message shows what they hold. */
export function createEndpoint({ url, token, userAgent }: EndpointOptions): Endpoint {
  const base = parseBase(url);
  const headers: Record<string, string> = {};
  if (token !== undefined) headers["authorization"] = `Bearer ${checkHeader("token", token)}`;
  if (userAgent !== undefined) headers["user-agent"] = checkHeader("userAgent", userAgent);
  return {
    headers,
    urlOf(path, query = {}) {
      const address = new URL(path.replace(/^\//, ""), base);
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) address.searchParams.set(name, String(value));
      }
      return address;
    },
  };
}

/** An address as a message may show it: without query and fragment. */
export function shown(url: URL): string {
  return url.origin + url.pathname;
}

function parseBase(url: string | URL): URL {
  const base = URL.parse(String(url));
  if (base === null || !["http:", "https:"].includes(base.protocol)) {
    throw invalidOption("url must be an address that begins with http:// or https://");
  }
  if (base.username !== "" || base.password !== "") {
    throw invalidOption("url must hold no user and no password; a token has an option of its own");
  }
  base.search = "";
  base.hash = "";
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return base;
}

// fetch would refuse such a value too, and print it.
function checkHeader(name: string, value: string): string {
  if (!/^[ -~]*[!-~]$/.test(value)) throw invalidOption(`${name} must be printable ASCII and not empty`);
  return value;
}

/** The error of an option that cannot be used. */
export function invalidOption(message: string): PresenceClientError {
  return new PresenceClientError(message, { kind: "invalid-option", code: "PRESENCE_CLIENT_INVALID_OPTION" });
}
