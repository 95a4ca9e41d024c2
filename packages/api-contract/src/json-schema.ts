import { z } from "zod";
import { answerComponents, requestComponents } from "./components.ts";

/** A JSON Schema (2020-12) as it stands in the document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

type Direction = "input" | "output";
type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"]>;

/** All named schemas: answers as they are sent, request bodies as a caller may write them. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  return { ...namedSchemas(answerComponents, "output"), ...namedSchemas(requestComponents, "input") };
}

/** The schema of a value: a reference where it has a name, else written out. */
export function schemaOf(schema: z.ZodType, io: Direction): JsonSchema {
  const name = (io === "output" ? answerComponents : requestComponents).get(schema)?.id;
  if (name !== undefined) return { $ref: reference(name) };
  return withoutKeys(z.toJSONSchema(schema, { io, override: tidy }), ["$schema"]);
}

/** `schema` without its `keys`. */
export function withoutKeys(schema: JsonSchema, keys: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}

function namedSchemas(
  registry: typeof answerComponents,
  io: Direction,
): Readonly<Record<string, JsonSchema>> {
  const { schemas } = z.toJSONSchema(registry, { io, uri: reference, override: tidy });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, withoutKeys(schema, ["$schema", "$id"])]),
  );
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}

/** Takes out what zod writes and no reader of the document needs. */
const tidy: Override = ({ zodSchema, jsonSchema }) => {
  // An answer may gain fields within /v1; only strict objects are closed.
  if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined) {
    delete jsonSchema.additionalProperties;
  }
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  delete jsonSchema.propertyNames;
  // The format says it; the pattern of all leap years does not help anybody.
  if (jsonSchema.format === "date-time" || jsonSchema.format === "date") delete jsonSchema.pattern;
};
