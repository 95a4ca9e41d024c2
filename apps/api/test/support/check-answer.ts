import {
  registerSchema,
  type SchemaObject,
  setShouldValidateFormat,
  validate,
  type Validator,
} from "@hyperjump/json-schema/openapi-3-1";
// oxlint-disable-next-line no-unassigned-import
import "@hyperjump/json-schema/formats";
import {
  isProblemCode,
  OPERATION_IDS,
  type OperationId,
  openApiDocument,
  PROBLEM_MEDIA_TYPE,
  problemsOf,
  type RouteContract,
  ROUTES,
} from "@presence/api-contract";

const DOCUMENT_URI = "https://presence.test/openapi.json";
const DIALECT = "https://spec.openapis.org/oas/3.1/dialect/base";

/** Answers that go on for as long as somebody reads them. */
const ENDLESS = "text/event-stream";

const document = JSON.parse(JSON.stringify(openApiDocument({ version: "0", serverUrl: "/" })));
const validators = new Map<string, Promise<Validator>>();
setShouldValidateFormat(true);
registerSchema(document as SchemaObject, DOCUMENT_URI, DIALECT);

/**
 * Holds an answer of the API against its OpenAPI document, with a validator that is none of ours: its status, its
 * media type, its body, and the code of a problem. Pages and files, which the document does not have, pass.
 *
 * @throws {Error} that says what the document does not allow.
 */
export async function checkAnswer(method: string, path: string, answer: Response): Promise<void> {
  const operationId = operationOf(method, path);
  const mediaType = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
  if (operationId === null) {
    if (mediaType === PROBLEM_MEDIA_TYPE && method !== "HEAD") {
      await checkBody("/components/schemas/Problem", answer, `${method} ${path}`);
    }
    return;
  }
  const route: RouteContract = ROUTES[operationId];
  const what = `${operationId}, answered ${answer.status} as ${mediaType},`;
  const operation = `/paths/${escaped(route.path)}/${route.method.toLowerCase()}`;
  const { responses } = document.paths[route.path][route.method.toLowerCase()];
  const content = responses[answer.status]?.content?.[mediaType];
  if (content === undefined) throw new Error(`${what} has no such answer in the document`);
  if (method === "HEAD" || mediaType === ENDLESS) return;
  const body = await checkBody(
    `${operation}/responses/${answer.status}/content/${escaped(mediaType)}/schema`,
    answer,
    what,
  );
  if (mediaType !== PROBLEM_MEDIA_TYPE) return;
  const { code } = body as { readonly code: string };
  if (!isProblemCode(code) || !problemsOf(route).includes(code)) {
    throw new Error(`${what} has the code ${code}, which the document does not name`);
  }
}

/** The operation that answers, as the router finds it: with or without a slash at the end. */
function operationOf(method: string, path: string): OperationId | null {
  const asked = method === "HEAD" ? "GET" : method;
  const [bare = ""] = path.split("?");
  return (
    OPERATION_IDS.find((operationId) => {
      const route = ROUTES[operationId];
      return route.method === asked && (route.path === bare || route.path === `${bare}/`);
    }) ?? null
  );
}

async function checkBody(pointer: string, answer: Response, what: string): Promise<unknown> {
  const text = await answer.clone().text();
  const body: unknown = /json/.test(answer.headers.get("content-type") ?? "") ? JSON.parse(text) : text;
  const validator = await validatorOf(pointer);
  const result = validator(body as Parameters<Validator>[0], "BASIC");
  if (!result.valid)
    throw new Error(`${what} is not what the document says: ${JSON.stringify(result)}\n${text}`);
  return body;
}

function validatorOf(pointer: string): Promise<Validator> {
  const known = validators.get(pointer) ?? validate(`${DOCUMENT_URI}#${encodeURI(pointer)}`);
  validators.set(pointer, known);
  return known;
}

/** A step of a JSON pointer. */
function escaped(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}
