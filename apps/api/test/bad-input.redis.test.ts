import { problemsOf, ProblemSchema, ROUTES, type RouteContract } from "@presence/api-contract";
import { redisForTests } from "@presence/testkit";
import { expect, it } from "vitest";
import { onRedis, startApiProgram } from "./support/programs.ts";

const ADMIN_TOKEN = "admin-token-of-at-least-32-characters";
const INGEST_TOKEN = "ingest-token-of-at-least-32-characters";

/** What somebody sent, and what must be said about it. */
interface Mistake {
  readonly route: RouteContract;
  readonly query?: string;
  readonly body?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
  /** What the answer's words must name. */
  readonly named: string;
}

const forget = { route: ROUTES.forgetVisitors, token: ADMIN_TOKEN };
const list = { route: ROUTES.listVisitors, token: ADMIN_TOKEN };
const sightings = { route: ROUTES.recordSightings, token: INGEST_TOKEN };

const MISTAKES: Readonly<Record<string, Mistake>> = {
  "a window of 0": {
    route: ROUTES.getOnline,
    query: "window=0",
    status: 400,
    code: "PRESENCE_INVALID_WINDOW",
    named: "window",
  },
  "a window beyond the server's": {
    route: ROUTES.getOnline,
    query: "window=61",
    status: 400,
    code: "PRESENCE_INVALID_WINDOW",
    named: "window",
  },
  "a channel with spaces": {
    route: ROUTES.getOnline,
    query: "channel=with%20two%20spaces",
    status: 400,
    code: "PRESENCE_INVALID_CHANNEL",
    named: "channel",
  },
  "a cursor made up": {
    ...list,
    query: "cursor=bm90LW91cnM.c2lnbmVk",
    status: 400,
    code: "PRESENCE_INVALID_CURSOR",
    named: "cursor",
  },
  "a limit of 10 million": {
    ...list,
    query: "limit=10000000",
    status: 400,
    code: "PRESENCE_INVALID_LIMIT",
    named: "limit",
  },
  "a parameter nobody knows": {
    ...list,
    query: "limt=10",
    status: 400,
    code: "PRESENCE_INVALID_REQUEST",
    named: "limt",
  },
  "a body of 1 MB": {
    ...forget,
    body: JSON.stringify({ visitors: ["x".repeat(1_048_576)] }),
    status: 413,
    code: "PRESENCE_BODY_TOO_LARGE",
    named: "bytes",
  },
  "a body that is no JSON": {
    ...forget,
    body: '{"visitors": [',
    status: 400,
    code: "PRESENCE_INVALID_JSON",
    named: "JSON",
  },
  "a visitor that is no text": {
    ...forget,
    body: '{"visitors": ["203.0.113.9", 7]}',
    status: 400,
    code: "PRESENCE_INVALID_VISITOR",
    named: "visitors[1]",
  },
  "a wrong token": {
    ...list,
    token: "wrong-token-of-at-least-32-characters",
    status: 401,
    code: "PRESENCE_UNAUTHORIZED",
    named: "token",
  },
  "a token of another role": {
    ...list,
    token: INGEST_TOKEN,
    status: 403,
    code: "PRESENCE_FORBIDDEN",
    named: "PRESENCE_ADMIN_TOKENS",
  },
  "no token": {
    route: ROUTES.listVisitors,
    status: 401,
    code: "PRESENCE_UNAUTHORIZED",
    named: "Authorization",
  },
  "sightings that are no list": {
    ...sightings,
    body: '{"sightings": {}}',
    status: 400,
    code: "PRESENCE_INVALID_REQUEST",
    named: "sightings",
  },
};

/** What no answer may show: a stack, a path, a token. */
const INSIDE = /\n\s*at |node:|\/src\/|token-of-at-least/;

it("answers every mistake in words that name it, and loses nobody and shows nothing inside", async () => {
  await using redis = await redisForTests();
  const { url, process: api } = await startApiProgram({
    ...onRedis(redis),
    PRESENCE_ADMIN_TOKENS: ADMIN_TOKEN,
    PRESENCE_INGEST_TOKENS: INGEST_TOKEN,
  });
  await fetch(url, { headers: { "X-Forwarded-For": "203.0.113.9" } });

  for (const [mistake, { route, query = "", body, token, status, code, named }] of Object.entries(MISTAKES)) {
    const response = await fetch(`${url}${route.path}?${query}`, {
      method: route.method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const problem = ProblemSchema.parse(JSON.parse(text));
    const codes: readonly string[] = problemsOf(route);
    const answered = {
      mistake,
      status: response.status,
      code: problem.code,
      isOfRoute: codes.includes(problem.code),
      isNamed: text.includes(named),
      showsInside: INSIDE.test(text),
    };
    expect(answered).toEqual({ mistake, status, code, isOfRoute: true, isNamed: true, showsInside: false });
  }

  // One address among others that is none costs that one alone.
  const answer = await fetch(`${url}/v1/sightings`, {
    method: "POST",
    headers: { Authorization: `Bearer ${INGEST_TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ sightings: [{ ip: "1.2.3.4.5" }, { ip: "203.0.113.10" }] }),
  });
  expect(await answer.json()).toEqual({
    accepted: 1,
    rejected: [{ index: 0, code: "PRESENCE_INVALID_ADDRESS" }],
  });
  // A client that a proxy names so is not believed: it is the proxy then.
  await fetch(url, { headers: { "X-Forwarded-For": "1.2.3.4.5" } });

  const { visitors } = (await (
    await fetch(`${url}/v1/online/visitors?order=oldest`, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    })
  ).json()) as { visitors: { visitor: string }[] };
  expect(visitors.map(({ visitor }) => visitor)).toEqual(["203.0.113.9", "203.0.113.10", "127.0.0.1"]);
  expect(api.output).not.toMatch(/"level":"(?:error|fatal)"|\n\s+at /);
});
