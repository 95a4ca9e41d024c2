import { createProblem, onlineRoutes, PROBLEM_MEDIA_TYPE } from "@presence/api-contract";
import { describe, expect, it } from "vitest";
import { checkAnswer } from "./support/check-answer.ts";

const { example } = onlineRoutes.getOnline.answers[200];

function answer(body: unknown, status = 200, type = "application/json"): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": `${type}; charset=utf-8` },
  });
}

function problem(code: "PRESENCE_INVALID_WINDOW" | "PRESENCE_INVALID_CURSOR"): Response {
  return answer(createProblem(code, "No."), 400, PROBLEM_MEDIA_TYPE);
}

// What holds every other test of the API has to hold itself.
describe("the check of answers against the OpenAPI document", () => {
  it("passes what the document has, and pages it does not have", async () => {
    const bodiless = new Response(null, { headers: { "Content-Type": "application/json" } });
    const checks = [
      checkAnswer("GET", "/v1/online?window=5", answer(example)),
      checkAnswer("GET", "/v1/online", problem("PRESENCE_INVALID_WINDOW")),
      checkAnswer("HEAD", "/user/online", bodiless),
      checkAnswer("GET", "/a/page", answer("hello", 404, "text/html")),
    ];
    await expect(Promise.all(checks)).resolves.toBeDefined();
  });

  it.each([
    ["a status", answer(example, 202)],
    ["a media type", answer(example, 200, "text/plain")],
    ["a missing field", answer({ ...example, count: undefined })],
    ["a wrong number", answer({ ...example, count: -1 })],
    ["a wrong instant", answer({ ...example, asOf: "noon" })],
    ["a problem without a code", answer({ title: "No" }, 400, PROBLEM_MEDIA_TYPE)],
    ["a code of another route", problem("PRESENCE_INVALID_CURSOR")],
  ])("refuses %s the document does not have", async (_, given) => {
    await expect(checkAnswer("GET", "/v1/online", given)).rejects.toThrow(/^getOnline, answered/);
  });

  it("refuses a malformed problem of a path the document does not have", async () => {
    const malformed = answer({ status: "404" }, 404, PROBLEM_MEDIA_TYPE);
    await expect(checkAnswer("GET", "/a/page", malformed)).rejects.toThrow("GET /a/page");
  });
});
