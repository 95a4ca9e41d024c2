import type Router from "@koa/router";
import {
  type DeepReadonly,
  invalidRequest,
  MAX_BODY_BYTES,
  type RouteContract,
} from "@presence/api-contract";
import type { Context } from "koa";
import type { z } from "zod";
import type { AppDeps } from "../app-deps.ts";
import { readJson } from "./body.ts";
import { openToEveryone } from "./cors.ts";
import { ProblemError } from "./problem.ts";

/** What a handler is given: a request that its contract found well formed, from somebody who may ask. */
export interface Call<Contract extends RouteContract> {
  readonly ctx: Context;
  readonly query: OutputOf<Contract["query"]>;
  readonly body: OutputOf<Contract["body"]>;
  /** Whether no token was needed. */
  readonly isOpen: boolean;
}

/** What a handler answers with status 200. */
export type AnswerOf<Contract extends RouteContract> = Contract["answers"][200] extends {
  readonly schema: infer Schema extends z.ZodType;
}
  ? DeepReadonly<z.input<Schema>>
  : never;

type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** Adds a route as its contract describes it: access, query and body are checked before `handle` is called. */
export function addRoute<Contract extends RouteContract>(
  router: Router,
  deps: AppDeps,
  contract: Contract,
  handle: (call: Call<Contract>) => AnswerOf<Contract> | Promise<AnswerOf<Contract>>,
): void {
  const { maxBodyBytes: maxBytes = MAX_BODY_BYTES, isBodyOptional: isOptional = false } = contract;
  router.register(pathOf(contract), [contract.method], async (ctx) => {
    const { query, isOpen } = readHead(ctx, deps, contract);
    const sent = contract.body === undefined ? undefined : await readJson(ctx.req, { maxBytes, isOptional });
    const body = parse<Contract["body"]>(contract.body, sent);
    ctx.body = await handle({ ctx, query, body, isOpen });
  });
}

/** As {@link addRoute} for a route without a body whose handler writes the answer itself, on `ctx.res`. */
export function addStreamedRoute<Contract extends RouteContract>(
  router: Router,
  deps: AppDeps,
  contract: Contract,
  handle: (call: Omit<Call<Contract>, "body">) => void,
): void {
  router.register(pathOf(contract), [contract.method], (ctx) => {
    handle({ ctx, ...readHead(ctx, deps, contract) });
    ctx.respond = false;
  });
}

/** Without the slash at its end a path matches with and without one. */
function pathOf({ path }: RouteContract): string {
  return path.replace(/(?<=.)\/$/, "");
}

function readHead<Contract extends RouteContract>(ctx: Context, deps: AppDeps, contract: Contract) {
  const isOpen = admit(ctx, deps, contract);
  return { isOpen, query: parse<Contract["query"]>(contract.query, ctx.query) };
}

/** Lets the caller pass or throws; answers whether no token was needed. */
function admit(ctx: Context, deps: AppDeps, { who, publicPart }: RouteContract): boolean {
  const isOpen = who === "anyone" || (publicPart !== undefined && deps.access.isOpen(publicPart));
  if (isOpen) {
    if (ctx.method !== "POST" && who === "public") openToEveryone(ctx);
    return true;
  }
  const roles =
    who === "ingest" ? (["ingest"] as const) : who === "admin" ? (["admin"] as const) : (["read"] as const);
  deps.access.admit(roles, ctx.get("authorization"), deps.callers.limitedAs(ctx.req));
  return false;
}

/** `Schema` is the type of `schema`, which the caller knows better than the contract's interface does. */
function parse<Schema>(schema: z.ZodType | undefined, input: unknown): OutputOf<Schema> {
  if (schema === undefined) return undefined as OutputOf<Schema>;
  const result = schema.safeParse(input);
  if (!result.success) throw new ProblemError(invalidRequest(result.error));
  return result.data as OutputOf<Schema>;
}
