import { describe, expect, it } from "vitest";
import {
  isOperationId,
  OPERATION_IDS,
  problemsOf,
  PROBLEMS,
  type RouteContract,
  ROUTES,
  statusOf,
} from "../src/index.ts";

const routes = OPERATION_IDS.map((operationId) => {
  const route: RouteContract = ROUTES[operationId];
  return { operationId, route };
});

describe("the table of routes", () => {
  it("names each method of a path once", () => {
    const names = routes.map(({ route }) => `${route.method} ${route.path}`);

    expect(new Set(names).size).toBe(names.length);
  });

  it.each(routes)("$operationId shows answers that fit their schemas", ({ route }) => {
    for (const { schema, example } of Object.values(route.answers)) {
      expect(schema.parse(example)).toEqual(example);
    }
  });

  it.each(routes.filter(({ route }) => route.body !== undefined))(
    "$operationId shows a body that fits its schema",
    ({ route }) => {
      expect(route.body?.safeParse(route.bodyExample).success).toBe(true);
    },
  );

  it.each(routes.filter(({ route }) => route.isBodyOptional === true))(
    "$operationId takes an empty body where none need be sent",
    ({ route }) => {
      expect(route.body?.safeParse({}).success).toBe(true);
    },
  );

  it.each(routes.filter(({ route }) => route.who === "public"))(
    "$operationId says what opens it",
    ({ route }) => {
      expect(["count", "history"]).toContain(route.publicPart);
    },
  );

  it.each(routes.filter(({ route }) => ["ingest", "admin"].includes(route.who)))(
    "$operationId refuses who has no token",
    ({ route }) => {
      expect(problemsOf(route)).toEqual(
        expect.arrayContaining([
          "PRESENCE_UNAUTHORIZED",
          "PRESENCE_FORBIDDEN",
          "PRESENCE_NO_TOKENS_CONFIGURED",
        ]),
      );
    },
  );

  it.each(routes)("$operationId lists each problem once and only those that exist", ({ route }) => {
    const codes = problemsOf(route);

    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => Object.hasOwn(PROBLEMS, code))).toBe(true);
  });

  it("derives the problems of a route from its access, its query and its body", () => {
    expect(problemsOf(ROUTES.listVisitors)).toEqual(
      expect.arrayContaining([
        "PRESENCE_INVALID_LIMIT",
        "PRESENCE_INVALID_CURSOR",
        "PRESENCE_INVALID_CHANNEL",
      ]),
    );
    expect(problemsOf(ROUTES.recordSightings)).toEqual(
      expect.arrayContaining([
        "PRESENCE_INVALID_JSON",
        "PRESENCE_BODY_TOO_LARGE",
        "PRESENCE_TOO_MANY_SIGHTINGS",
      ]),
    );
    expect(problemsOf(ROUTES.getLive)).toEqual(["PRESENCE_INTERNAL"]);
    expect(problemsOf(ROUTES.recordSightings).filter((code) => statusOf(code) === 413)).toHaveLength(2);
  });

  it("answers the original route with exactly its two fields", () => {
    const { schema } = ROUTES.getUserOnline.answers[200];

    expect(schema.safeParse({ msg: "访问人数", num: 1 }).success).toBe(true);
    expect(schema.safeParse({ msg: "访问人数", num: 1, stale: false }).success).toBe(false);
  });

  it("is not taken in by the names every object has", () => {
    expect(isOperationId("getOnline")).toBe(true);
    expect(isOperationId("toString")).toBe(false);
  });
});
