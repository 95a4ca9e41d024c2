import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressTextOf, userAgentOf } from "../../src/access-log/log-line.ts";
import { createLogReader } from "../../src/access-log/log-reader.ts";
import { MAX_LINE_BYTES } from "../../src/access-log/line-splitter.ts";

interface Read {
  readonly address: string;
  readonly at: string;
  readonly userAgent: string | undefined;
}

/** What is read of a log that arrives in pieces of `pieceBytes`. */
function read(text: string | Buffer, pieceBytes = 1 << 16) {
  const found: Read[] = [];
  const counts = { lines: 0, malformed: 0 };
  const reader = createLogReader(
    (line) =>
      found.push({
        address: addressTextOf(line),
        at: new Date(line.atMs).toISOString(),
        userAgent: userAgentOf(line),
      }),
    counts,
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    // The same buffer each time, as a file is read.
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    reader.push(piece);
    piece.fill(0x78);
  }
  reader.end();
  return { read: found, ...counts };
}

const AT = "2015-05-17T10:05:03.000Z";

describe("a log's lines", () => {
  it.each([
    [
      "combined",
      '83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 203023 "http://x/" "Mozilla/5.0 (X11)"',
      { address: "83.149.9.216", at: AT, userAgent: "Mozilla/5.0 (X11)" },
    ],
    [
      "combined, of another zone",
      '83.149.9.216 - frank [17/May/2015:12:35:03 +0230] "GET / HTTP/1.1" 200 1 "-" "curl/8"',
      { address: "83.149.9.216", at: AT, userAgent: "curl/8" },
    ],
    [
      "common",
      '2001:db8::1 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 -',
      { address: "2001:db8::1", at: AT, userAgent: undefined },
    ],
    [
      "without quotes behind the time",
      "10.0.0.1 - - [17/May/2015:10:05:03 +0000] GET /a 200",
      { address: "10.0.0.1", at: AT, userAgent: undefined },
    ],
    [
      "with an empty user agent",
      '10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "-"',
      { address: "10.0.0.1", at: AT, userAgent: undefined },
    ],
    [
      "with quotes in a request and an agent, escaped",
      String.raw`10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /\"x\" HTTP/1.1" 400 1 "\"" "a \"b\" \\"`,
      { address: "10.0.0.1", at: AT, userAgent: String.raw`a \"b\" \\` },
    ],
    [
      "with a user who calls himself by a time",
      '10.0.0.1 - [01/Jan/2030:00:00:00 +0000] [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1',
      { address: "10.0.0.1", at: AT, userAgent: undefined },
    ],
    [
      "with a time in the request",
      '10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /[01/Jan/2030:00:00:00 +0000] "x" HTTP/1.1" 200 1',
      { address: "10.0.0.1", at: AT },
    ],
    [
      "with a port, as Azure writes them",
      '203.0.113.9:50123 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1',
      { address: "203.0.113.9:50123", at: AT },
    ],
    [
      "Caddy's",
      '{"level":"info","ts":1431857103.0,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.7","remote_port":"5","client_ip":"203.0.113.9","proto":"HTTP/2.0","method":"GET","headers":{"User-Agent":["curl/8"]}},"status":200}',
      { address: "203.0.113.9", at: AT, userAgent: "curl/8" },
    ],
    [
      "older Caddy's",
      '{"ts":1431857103,"request":{"remote_ip":"203.0.113.9","method":"GET"}}',
      { address: "203.0.113.9", at: AT, userAgent: undefined },
    ],
    [
      "nginx' JSON",
      '{"time_iso8601":"2015-05-17T12:05:03+02:00","remote_addr":"203.0.113.9","request":"GET / HTTP/1.1","http_user_agent":"curl/8"}',
      { address: "203.0.113.9", at: AT, userAgent: "curl/8" },
    ],
    [
      "nginx' JSON by msec",
      '{"msec":"1431857103.250","remote_addr":"2001:db8::1"}',
      { address: "2001:db8::1", at: "2015-05-17T10:05:03.250Z" },
    ],
    [
      "nginx' JSON by time_local",
      '{"time_local":"17/May/2015:10:05:03 +0000","remote_addr":"203.0.113.9"}',
      { address: "203.0.113.9", at: AT },
    ],
    [
      "Traefik's",
      '{"ClientHost":"203.0.113.9","StartUTC":"2015-05-17T10:05:03.123456789Z","request_User-Agent":"curl/8"}',
      { address: "203.0.113.9", at: "2015-05-17T10:05:03.123Z", userAgent: "curl/8" },
    ],
    ["JSON by milliseconds", '{"time":1431857103000,"ip":"203.0.113.9"}', { address: "203.0.113.9", at: AT }],
    [
      "JSON by microseconds",
      '{"time":1431857103000000,"ip":"203.0.113.9"}',
      { address: "203.0.113.9", at: AT },
    ],
    [
      "JSON by nanoseconds",
      '{"ts":"1431857103000000000","ip":"203.0.113.9"}',
      { address: "203.0.113.9", at: AT },
    ],
  ])("are read: %s", (_name, line, expected) => {
    expect(read(line)).toMatchObject({ read: [expected], lines: 1, malformed: 0 });
  });

  it.each([
    ["no line at all", "hello"],
    ["a host's name", 'example.com - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1'],
    ["a dash for the client", '- - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1'],
    ["an address of five octets", '1.2.3.4.5 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1'],
    ["an octet of 256", '1.2.3.256 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1'],
    ["an octal octet", '010.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1'],
    ["no time", '1.2.3.4 - - "GET / HTTP/1.1" 200 1'],
    ["a day that is none", '1.2.3.4 - - [31/Apr/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1'],
    ["29 February in a common year", '1.2.3.4 - - [29/Feb/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1'],
    ["a month that is none", '1.2.3.4 - - [17/Mai/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1'],
    ["an hour that is none", '1.2.3.4 - - [17/May/2015:24:05:03 +0000] "GET / HTTP/1.1" 200 1'],
    ["no zone", '1.2.3.4 - - [17/May/2015:10:05:03] "GET / HTTP/1.1" 200 1'],
    ["half a line", "1.2.3.4 - - [17/May/2015:10:05"],
    ["half an object", '{"ts":1431857103,"request":{"remote_ip":"203'],
    ["an object without an address", '{"ts":1431857103}'],
    ["an object without a time", '{"remote_addr":"203.0.113.9"}'],
    ["an object whose address is a number", '{"ts":1431857103,"remote_addr":7}'],
    ["a list", "[1,2]"],
    ["an object of text that is no address", '{"ts":1431857103,"remote_addr":"localhost"}'],
    ["zeros in the middle", '1.2.3.4 - - \0\0 "GET / HTTP/1.1" 200 1'],
  ])("are malformed with %s", (_name, line) => {
    expect(read(`${line}\n`)).toEqual({ read: [], lines: 1, malformed: 1 });
  });

  it("count blank ones as lines only", () => {
    const line = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1';
    const text = `\n${line}\n  \t\n\r\n${line}\r\n`;
    expect(read(text)).toMatchObject({ lines: 5, malformed: 0 });
  });

  it("are the same in whatever pieces they arrive, the last one without a line end too", () => {
    const lines = [
      '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/8"',
      '{"ts":1431857103,"remote_addr":"2001:db8::1"}',
      "what is this",
      "",
      '2001:db8::2 - - [18/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...lines), { maxLength: 12 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        fc.integer({ min: 1, max: 200 }),
        (chosen, lineEnd, isEnded, pieceBytes) => {
          const text = chosen.join(lineEnd) + (isEnded && chosen.length > 0 ? lineEnd : "");
          expect(read(text, pieceBytes)).toEqual(read(text));
        },
      ),
    );
  });

  it("are found behind the hole that a truncation leaves", () => {
    const line = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1\n';
    for (const pieceBytes of [10, 1 << 16]) {
      const hole = "\0".repeat(MAX_LINE_BYTES / 64);
      const { read: found, lines, malformed } = read(hole + line + line, pieceBytes);
      expect({ found: found.length, lines, malformed }).toEqual({ found: 2, lines: 2, malformed: 0 });
    }
  });

  it("are skipped where one is longer than any log line, and those behind it are read", () => {
    const line = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1\n';
    const long = "x".repeat(MAX_LINE_BYTES + 1);
    for (const pieceBytes of [1 << 16, 1 << 22]) {
      const { read: found, lines, malformed } = read(`${line}${long}\n${line}`, pieceBytes);
      expect({ found: found.length, lines, malformed }).toEqual({ found: 2, lines: 3, malformed: 1 });
    }
  });

  it("end in the middle where the log went away", () => {
    const line = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1\n';
    const counts = { lines: 0, malformed: 0 };
    const reader = createLogReader(() => {}, counts);
    reader.push(Buffer.from(line.slice(0, 20)));
    reader.reset();
    reader.push(Buffer.from(line));
    expect(counts).toEqual({ lines: 1, malformed: 0 });
  });
});
