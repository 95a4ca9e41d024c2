import { createServer } from "node:net";
import { createProblem, ROUTES } from "@presence/api-contract";
import { describe, expect, it } from "vitest";
import { createPresenceClient, isUnavailable, PresenceClientError } from "../src/index.ts";
import { breakOff, json, plain, type Stage, startStagedServer } from "./support/staged-server.ts";

const TOKEN = "a-secret-of-at-least-32-characters";
const COUNT = ROUTES.getOnline.answers[200].example;

describe("an answer that is none", () => {
  it.each([
    ["a page", plain("<!doctype html><title>It works!</title>"), "something that is not JSON"],
    ["nothing", plain(""), "something that is not JSON"],
    ["JSON cut in the middle", plain(JSON.stringify(COUNT).slice(0, 40)), "something that is not JSON"],
    ["null", json(null), "another shape (the answer)"],
    ["a list", json([COUNT]), "another shape (the answer)"],
    ["another object", json({ count: "12" }), "another shape (channel)"],
    ["a field of another kind", json({ ...COUNT, count: "12" }), "another shape (count)"],
    ["a null that may not be", json({ ...COUNT, count: null }), "another shape (count)"],
    [
      "a field that only the prototype has",
      json({ ...COUNT, channel: undefined }),
      "another shape (channel)",
    ],
    ["status 204", plain("", 204), "status 204"],
    ["status 206", json(COUNT, 206), "status 206"],
  ] satisfies [string, Stage, string][])("tells of %s", async (_what, stage, why) => {
    const { error } = await failureOf(stage);
    expect(error).toMatchObject({ kind: "invalid-answer", code: "PRESENCE_CLIENT_INVALID_ANSWER" });
    expect(error.message).toContain(why);
    expect(error.message).toContain("is it a Presence server?");
  });

  it("takes fields that a newer server adds, and a null where one may be", async () => {
    const server = await startStagedServer(json({ ...COUNT, since: null, later: [1] }));
    expect(await createPresenceClient({ url: server.url }).online()).toEqual({
      ...COUNT,
      since: null,
      later: [1],
    });
  });

  it("names the place of what is wrong inside a list", async () => {
    const page = ROUTES.listVisitors.answers[200].example;
    const [visitor] = page.visitors;
    const server = await startStagedServer(
      json({ ...page, visitors: [visitor, { ...visitor, secondsAgo: "2" }] }),
    );
    await expect(createPresenceClient({ url: server.url }).visitors()).rejects.toThrow(
      "(visitors[1].secondsAgo)",
    );
  });

  it("stops reading a body without end, and lets go of the connection", async () => {
    const chunk = Buffer.alloc(1024 * 1024, " ");
    let sent = 0;
    const { error, server } = await failureOf((response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on("drain", pour);
      pour();
    });
    expect(error).toMatchObject({ kind: "invalid-answer" });
    expect(error.message).toContain("more than 33554432 bytes");
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    await expect.poll(server.abandoned).toBe(1);
  });
});

describe("an answer that says no", () => {
  it("is an error with the code, the status and the words of the server", async () => {
    const detail = "Channel page:/x is not among PRESENCE_CHANNELS.";
    const problem = createProblem("PRESENCE_CHANNEL_NOT_ALLOWED", detail);
    const { error, server } = await failureOf(problemStage(problem));
    expect(error).toMatchObject({
      kind: "refused",
      code: "PRESENCE_CHANNEL_NOT_ALLOWED",
      status: 403,
      problem,
    });
    expect(error.message).toBe(`GET ${server.url}/v1/online answered 403: ${detail}`);
    expect(isUnavailable(error)).toBe(false);
  });

  it("names every field that is wrong, where there are several", async () => {
    const errors = [
      { field: "limit", message: "must be a whole number from 1 to 1000" },
      { field: "order", message: "must be recent or oldest" },
    ];
    const problem = createProblem("PRESENCE_INVALID_REQUEST", "The query has 2 mistakes.", errors);
    const { error } = await failureOf(problemStage(problem));
    expect(error.message).toContain("2 mistakes. limit must be a whole number from 1 to 1000. order must be");
    expect(error.problem?.errors).toEqual(errors);
  });

  it.each([
    [503, "failed", true, "PRESENCE_CLIENT_FAILED"],
    [500, "failed", false, "PRESENCE_CLIENT_FAILED"],
    [404, "refused", false, "PRESENCE_CLIENT_REFUSED"],
  ] as const)("of status %i without a problem is %s", async (status, kind, unavailable, code) => {
    for (const stage of [plain("<h1>Sorry</h1>", status), json({ code: 1 }, status), json([], status)]) {
      const { error } = await failureOf(stage);
      expect(error).toMatchObject({ kind, code, status, problem: null });
      expect(isUnavailable(error)).toBe(unavailable);
    }
  });

  it("keeps a code that is newer than the client", async () => {
    const problem = { type: "urn:x", title: "X", status: 418, detail: "Tea only.", code: "PRESENCE_TEAPOT" };
    expect((await failureOf(problemStage(problem))).error).toMatchObject({
      code: "PRESENCE_TEAPOT",
      problem,
    });
  });

  it("takes a problem whose list of fields is none for no problem", async () => {
    const problem = { ...createProblem("PRESENCE_INVALID_REQUEST", "x"), errors: [{ field: 1 }] };
    expect((await failureOf(problemStage(problem))).error).toMatchObject({ problem: null, status: 400 });
  });

  it.each([301, 302, 307, 308])(
    "does not follow a redirect of status %i, and says where it leads",
    async (status) => {
      const elsewhere = await startStagedServer(json(COUNT));
      const location = `${elsewhere.url}/other?token=${TOKEN}`;
      const { error } = await failureOf(plain("", status, { location }));
      expect(error).toMatchObject({ kind: "refused", code: "PRESENCE_CLIENT_REDIRECTED", status });
      expect(error.message).toContain(`redirects to ${elsewhere.url}/other:`);
      expect(elsewhere.received).toEqual([]);
    },
  );
});

describe("no answer at all", () => {
  it("is unreachable where nobody listens, and says why", async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const error = await failure(createPresenceClient({ url, retries: 0 }).online());
    expect(error).toMatchObject({ kind: "unreachable", code: "PRESENCE_CLIENT_UNREACHABLE", status: null });
    expect(error.message).toContain("ECONNREFUSED");
    expect(isUnavailable(error)).toBe(true);
  });

  it.each([
    ["before the head", breakOff],
    [
      "in the middle of the body",
      (response) => {
        response.writeHead(200, { "content-length": 100 });
        response.write('{"channel":', () => response.destroy());
      },
    ],
    [
      "in the middle of a refusal",
      (response) => {
        response.writeHead(400, { "content-length": 100 });
        response.write("{", () => response.destroy());
      },
    ],
  ] satisfies [string, Stage][])("is unreachable where the connection breaks %s", async (_where, stage) => {
    const { error } = await failureOf(stage);
    expect(error).toMatchObject({ kind: "unreachable", code: "PRESENCE_CLIENT_UNREACHABLE" });
    expect(isUnavailable(error)).toBe(true);
  });
});

describe("the token", () => {
  it("is in no message and no field of any error", async () => {
    const stages: readonly Stage[] = [
      breakOff,
      plain("not JSON"),
      json(null),
      plain("", 401),
      plain("", 302, { location: "/login" }),
      problemStage(createProblem("PRESENCE_UNAUTHORIZED", "Send a token.")),
    ];
    for (const stage of stages) {
      const { error, server } = await failureOf(stage);
      expect(server.received[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
      expect(everythingOf(error)).not.toContain(TOKEN);
    }
  });
});

function problemStage(problem: { readonly status: number }): Stage {
  return json(problem, problem.status, { "content-type": "application/problem+json" });
}

/** The error of one read, asked once, from a server that answers by `stage`. */
async function failureOf(stage: Stage) {
  const server = await startStagedServer(stage);
  const client = createPresenceClient({ url: server.url, token: TOKEN, retries: 0 });
  return { server, error: await failure(client.online()) };
}

async function failure(call: Promise<unknown>): Promise<PresenceClientError> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PresenceClientError) return error;
  throw new Error("The call did not fail as the client says it does.", { cause: error });
}

/** All that a logger could print of an error. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? "";
  const fields = JSON.stringify(error, Object.getOwnPropertyNames(error));
  return [error.stack, fields, everythingOf(error.cause)].join("\n");
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The server had no port.");
  return address.port;
}
