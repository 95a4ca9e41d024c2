import { describe, expect, it } from "vitest";
import { createLogger, redactSecrets, type Logger } from "@presence/service-kit";

function collect(keepsAddresses: boolean): { readonly logger: Logger; readonly text: () => string } {
  let written = "";
  const logger = createLogger({
    name: "test",
    level: "debug",
    keepsAddresses,
    destination: { write: (line) => void (written += line) },
  });
  return { logger, text: () => written };
}

describe("createLogger", () => {
  it("writes one JSON line with name, level, ISO time and message", () => {
    const { logger, text } = collect(true);
    logger.info({ port: 3000 }, "listening");
    expect(JSON.parse(text())).toMatchObject({
      name: "test",
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      port: 3000,
      msg: "listening",
    });
  });

  it("hides tokens and the passwords of URLs wherever they stand", () => {
    const { logger, text } = collect(true);
    logger.info(
      { token: "secret-1", headers: { authorization: "Bearer secret-2" } },
      "a Bearer secret-3 came",
    );
    logger.warn({ url: "redis://user:secret-4@host:6379/0" }, "no redis+sentinel://:secret-5@a,b/m there");
    logger.error({
      err: new Error("connect rediss://u:secret-6@host failed", {
        cause: new Error("mongodb://u:secret-7@host"),
      }),
    });
    logger.info("open http://127.0.0.1:3000/dashboard/#token=secret-8");
    expect(text()).not.toContain("secret");
    expect(text()).toContain("redis://user:***@host:6379/0");
  });

  it("keeps a client's address in ip mode and drops it otherwise", () => {
    const kept = collect(true);
    kept.logger.debug({ client: "203.0.113.9", request: { client: "203.0.113.9" } });
    expect(kept.text()).toContain("203.0.113.9");
    const hidden = collect(false);
    hidden.logger.debug({ client: "203.0.113.9", request: { client: "203.0.113.9" } });
    expect(hidden.text()).not.toContain("203.0.113.9");
  });

  it("writes an error's type, code, message, stack and cause, and nothing else it carries", () => {
    const { logger, text } = collect(true);
    const error = Object.assign(new TypeError("no", { cause: new RangeError("why") }), {
      code: "E_NO",
      command: { args: ["203.0.113.9"] },
    });
    logger.error({ err: error }, "failed");
    expect(JSON.parse(text())).toMatchObject({
      err: {
        type: "TypeError",
        code: "E_NO",
        message: "no",
        stack: expect.any(String),
        cause: { type: "RangeError" },
      },
    });
    expect(text()).not.toContain("203.0.113.9");
  });
});

describe("redactSecrets", () => {
  it("leaves text without secrets as it is", () => {
    const text = '{"msg":"redis://host:6379/0 answered user@example.com at 12:30"}';
    expect(redactSecrets(text)).toBe(text);
  });
});
