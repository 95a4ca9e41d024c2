import type { z } from "zod";
import type { ProblemCode } from "./problem-codes.ts";

/** Who may use a route. `public`: open when named in `PRESENCE_PUBLIC`, else a read or admin token. */
export type Access = "anyone" | "public" | "ingest" | "admin" | "metrics";

/** The word of `PRESENCE_PUBLIC` that opens a `public` route. */
export type PublicPart = "count" | "history";

/** A header an answer may carry. */
export interface HeaderContract {
  readonly description: string;
  readonly schema: z.ZodType;
}

/** One answer of a route that is not a problem. */
export interface AnswerContract {
  readonly description: string;
  /** The shape of its JSON, or of its text. */
  readonly schema: z.ZodType;
  /** @default "application/json" */
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, HeaderContract>>;
  /** An answer as it comes, shown in the document and held against the schema by a test. */
  readonly example: unknown;
}

/** One route: what it takes, what it answers and who may use it. */
export interface RouteContract {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly who: Access;
  /** Where `who` is `public`: what opens it. */
  readonly publicPart?: PublicPart;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Whether a request without a body is taken as `{}`. @default false */
  readonly isBodyOptional?: boolean;
  /** Largest body in bytes. @default MAX_BODY_BYTES */
  readonly maxBodyBytes?: number;
  readonly bodyExample?: unknown;
  readonly answers: Readonly<Record<number, AnswerContract>>;
  /** Problems of this route beyond those that its access, query and body bring: see `problemsOf`. */
  readonly problems: readonly ProblemCode[];
}
