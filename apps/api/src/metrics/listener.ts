import type { RequestListener } from "node:http";
import { createProblem, PROBLEM_MEDIA_TYPE } from "@presence/api-contract";
import type { Logger } from "@presence/service-kit";
import { SECURITY_HEADERS } from "../middleware/security-headers.ts";
import { startServer, type StartedServer } from "../server.ts";
import type { ApiMetrics } from "./api-metrics.ts";

/** Only this machine reaches it: that is what takes the place of a token. */
const HOST = "127.0.0.1";

/**
 * Serves `/metrics` and nothing else, on a port of its own of the loopback interface.
 *
 * @throws {ListenError} when the port cannot be had.
 */
export async function startMetricsListener(
  metrics: ApiMetrics,
  port: number,
  logger: Logger,
): Promise<StartedServer> {
  const handle: RequestListener = (request, response) => {
    const answer = (status: number, contentType: string, text: string): void => {
      response.writeHead(status, { ...SECURITY_HEADERS, "Content-Type": contentType });
      response.end(request.method === "HEAD" ? undefined : text);
    };
    const answerProblem = (code: "PRESENCE_NOT_FOUND" | "PRESENCE_INTERNAL", detail: string): void => {
      const problem = createProblem(code, detail);
      answer(problem.status, PROBLEM_MEDIA_TYPE, JSON.stringify(problem));
    };
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead || request.url?.split("?")[0] !== "/metrics") {
      answerProblem("PRESENCE_NOT_FOUND", "There is only GET /metrics here.");
      return;
    }
    metrics.scrape().then(
      ({ contentType, text }) => answer(200, contentType, text),
      (error: unknown) => {
        logger.error({ err: error }, "the metrics cannot be told");
        answerProblem("PRESENCE_INTERNAL", "The metrics cannot be told; the server's log says why.");
      },
    );
  };
  const server = await startServer(handle, { host: HOST, port, portVariable: "PRESENCE_METRICS_PORT" });
  logger.info({ metrics: `${server.url}/metrics` }, "metrics are told on a port of their own");
  return server;
}
