import type { Finding } from "@presence/api-contract";
import { diagnosticRoutes } from "@presence/api-contract";
import { expect } from "vitest";
import { ADMIN_TOKEN, answerOf, bearer, type TestApi } from "./api.ts";

/** What `GET /v1/diagnostics` answers. */
export async function look(api: TestApi) {
  const answer = await api.get("/v1/diagnostics", { headers: bearer(ADMIN_TOKEN) });
  return answerOf(answer, diagnosticRoutes.getDiagnostics);
}

/** The finding with `code`; fails where there is none, and says which there are. */
export async function finding(api: TestApi, code: string): Promise<Finding> {
  const { findings } = await look(api);
  const found = findings.find((one) => one.code === code);
  if (found === undefined) expect.fail(`no ${code} among [${findings.map((one) => one.code).join(", ")}]`);
  return found;
}

/** The codes of all findings. */
export async function codes(api: TestApi): Promise<readonly string[]> {
  return (await look(api)).findings.map((one) => one.code);
}
