import {
  registerSchema,
  setShouldValidateFormat,
  unregisterSchema,
  validate,
} from "@hyperjump/json-schema/openapi-3-1";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type JsonSchema,
  OPERATION_IDS,
  openApiDocument,
  type OpenApiDocument,
  type RouteContract,
  ROUTES,
} from "../src/index.ts";

const DOCUMENT_SCHEMA = "https://spec.openapis.org/oas/3.1/schema-base";
const DIALECT = "https://spec.openapis.org/oas/3.1/dialect/base";
const COMPONENTS_URI = "https://presence.test/components";

/** The document as a client reads it. */
function readDocument(): OpenApiDocument {
  const document = openApiDocument({ version: "1.2.3", serverUrl: "https://example.com/presence" });
  return JSON.parse(JSON.stringify(document));
}

/** The value at `steps` below `root`, `undefined` where there is none. */
function at(root: unknown, ...steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) => (Object.hasOwn(Object(value), step) ? Object(value)[step] : undefined),
    root,
  );
}

function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "$ref" && typeof inner === "string") yield inner;
    else yield* referencesIn(inner);
  }
}

function operations(): readonly JsonSchema[] {
  return Object.values(readDocument().paths).flatMap((methods) => Object.values(methods));
}

async function isValid(name: string, value: unknown): Promise<boolean> {
  const instance = JSON.parse(JSON.stringify(value));
  return (await validate(`${COMPONENTS_URI}#/components/schemas/${name}`, instance)).valid;
}

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1, its schemas included", async () => {
    const output = await validate(DOCUMENT_SCHEMA, JSON.parse(JSON.stringify(readDocument())), "BASIC");

    expect(output).toEqual({ valid: true });
  });

  it("is refused by the same validator when a schema in it is wrong", async () => {
    const text = JSON.stringify(readDocument()).replace('"minimum":0', '"minimum":"none"');

    expect((await validate(DOCUMENT_SCHEMA, JSON.parse(text))).valid).toBe(false);
  });

  it("has every route under its operation id", () => {
    const operationIds = operations().map(({ operationId }) => operationId);

    expect(operationIds).toHaveLength(OPERATION_IDS.length);
    expect(new Set(operationIds)).toEqual(new Set(OPERATION_IDS));
  });

  it("points only at what is there, and uses all that is there but the events of the stream", () => {
    const document = readDocument();
    const references = [...referencesIn(document)];
    const named = (["schemas", "examples"] as const).flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
    );

    expect(references.filter((reference) => !named.includes(reference))).toEqual([]);
    expect(named.filter((name) => !references.includes(name))).toEqual(["#/components/schemas/StreamEnd"]);
  });

  it("names the version and the address it was made for", () => {
    expect(readDocument()).toMatchObject({
      openapi: "3.1.1",
      info: { version: "1.2.3" },
      servers: [{ url: "https://example.com/presence" }],
    });
  });

  it("says of each route who may use it", () => {
    const { paths } = readDocument();

    expect(at(paths, "/live", "get", "security")).toEqual([]);
    expect(at(paths, "/v1/online", "get", "security")).toEqual([{}, { readToken: [] }, { adminToken: [] }]);
    expect(at(paths, "/v1/peaks", "delete", "security")).toEqual([{ adminToken: [] }]);
    expect(at(paths, "/v1/sightings", "post", "security")).toEqual([{ ingestToken: [] }]);
  });

  it.each(operations())("has a problem for whatever else goes wrong in $operationId", ({ responses }) => {
    expect(Object.keys(Object(responses))).toEqual(expect.arrayContaining(["200", "500", "default"]));
  });

  it("describes parameters as what they mean, not as the text they arrive in", () => {
    const { paths } = readDocument();

    expect(at(paths, "/v1/online/visitors", "get", "parameters")).toContainEqual({
      name: "limit",
      in: "query",
      description: "Visitors on a page, 1 to 1000.",
      required: false,
      schema: { type: "integer", minimum: 1, maximum: 1_000, default: 50 },
    });
    expect(at(paths, "/v1/peaks", "delete", "parameters")).toContainEqual(
      expect.objectContaining({ name: "reason", required: true }),
    );
  });
});

describe("the named schemas of the document", () => {
  beforeAll(async () => {
    await import("@hyperjump/json-schema/formats");
    setShouldValidateFormat(true);
    const { schemas } = readDocument().components;
    registerSchema(JSON.parse(JSON.stringify({ components: { schemas } })), COMPONENTS_URI, DIALECT);
  });

  afterAll(() => {
    unregisterSchema(COMPONENTS_URI);
    setShouldValidateFormat(undefined);
  });

  it.each(Object.entries(readDocument().components.examples))(
    "take the problem %s",
    async (_code, example) => {
      expect(await isValid("Problem", example["value"])).toBe(true);
    },
  );

  it.each(OPERATION_IDS)("take every answer and body that %s shows", async (operationId) => {
    const route: RouteContract = ROUTES[operationId];
    const operation = at(readDocument().paths, route.path, route.method.toLowerCase());
    const messages = [at(operation, "requestBody"), ...Object.values(Object(at(operation, "responses")))];
    for (const message of messages) {
      const content = at(message, "content", "application/json");
      const name = String(at(content, "schema", "$ref")).replace("#/components/schemas/", "");
      if (content !== undefined) expect(await isValid(name, at(content, "example"))).toBe(true);
    }
    expect(messages.length).toBeGreaterThan(1);
  });

  it("let an answer gain fields, and a request have none that is not known", async () => {
    const { example } = ROUTES.getOnline.answers[200];

    expect(await isValid("OnlineCount", { ...example, later: 1 })).toBe(true);
    expect(await isValid("OnlineCount", { ...example, count: -1 })).toBe(false);
    expect(await isValid("OnlineCount", { ...example, asOf: "noon" })).toBe(false);
    expect(await isValid("UserOnline", { msg: "访问人数", num: 1, later: 1 })).toBe(false);
    expect(await isValid("PruneRequest", { later: 1 })).toBe(false);
  });

  it("leave out of a request what has a default", async () => {
    expect(await isValid("PruneRequest", {})).toBe(true);
    expect(await isValid("HeartbeatRequest", {})).toBe(true);
    expect(await isValid("ForgetRequest", {})).toBe(false);
  });
});
