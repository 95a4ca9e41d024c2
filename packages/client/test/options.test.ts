import { describe, expect, it } from "vitest";
import { createPresenceClient, type PresenceClientOptions } from "../src/index.ts";

const URL_OPTION = { url: "http://localhost:3000" };

describe("createPresenceClient", () => {
  it.each([
    ["url", { url: "localhost:3000" }],
    ["url", { url: "" }],
    ["url", { url: "ftp://localhost" }],
    ["url", { url: new URL("file:///etc/passwd") }],
    ["url", { url: "http://operator:hunter2@localhost" }],
    ["token", { ...URL_OPTION, token: "" }],
    ["token", { ...URL_OPTION, token: "hunter2\r\nX-Forged: 1" }],
    ["token", { ...URL_OPTION, token: "hunter2 " }],
    ["token", { ...URL_OPTION, token: "hunter2 läuft" }],
    ["userAgent", { ...URL_OPTION, userAgent: "a\nb" }],
    ["timeoutMs", { ...URL_OPTION, timeoutMs: 0 }],
    ["timeoutMs", { ...URL_OPTION, timeoutMs: 2 ** 31 }],
    ["timeoutMs", { ...URL_OPTION, timeoutMs: Number.NaN }],
    ["retries", { ...URL_OPTION, retries: -1 }],
    ["retries", { ...URL_OPTION, retries: 1.5 }],
    ["retryBaseMs", { ...URL_OPTION, retryBaseMs: -1 }],
    ["retryMaxMs", { ...URL_OPTION, retryMaxMs: Number.POSITIVE_INFINITY }],
  ] satisfies [string, PresenceClientOptions][])(
    "refuses a wrong %s, and does not show it: %j",
    (name, options) => {
      expect(() => createPresenceClient(options)).toThrow(
        expect.objectContaining({
          kind: "invalid-option",
          code: "PRESENCE_CLIENT_INVALID_OPTION",
          message: expect.stringMatching(new RegExp(`^${name} must (?!.*hunter2)`)),
        }),
      );
    },
  );
});
