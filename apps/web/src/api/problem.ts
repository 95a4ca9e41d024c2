import type { Problem } from "@presence/api-contract";

/** Why a request has no answer: the server could not be reached, or said why not. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status; 0 where the server could not be reached. */
  readonly status: number;
  /** The problem's stable code; empty where there is none. */
  readonly code: string;

  constructor(status: number, code: string, detail: string, options?: { readonly cause?: unknown }) {
    super(detail, options);
    this.status = status;
    this.code = code;
  }
}

/** The error a refused or failed answer stands for, whoever wrote it: Presence, or a proxy in front of it. */
export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const problem = readProblem(text);
  return new ApiError(response.status, problem?.code ?? "", problem?.detail ?? "");
}

function readProblem(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : null;
  } catch {
    return null;
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}
