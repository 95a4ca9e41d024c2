import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import connect from "connect";
import { presence } from "../../src/express.ts";
import { closeServer, listen } from "./listen.ts";
import { CHUNKS, HELLO, JSON_ANSWER, type StartApp } from "./test-app.ts";

export const startConnectApp: StartApp = async (options) => {
  const app = connect();
  const { skip, channel } = options ?? {};
  const online =
    options === null
      ? null
      : presence({
          ...options,
          skip: ({ url = "/" }) => skip?.(url) ?? false,
          channel: ({ url = "/" }) => channel?.(url),
        });
  if (online !== null) app.use(online);
  app.use((request, response, next) => {
    answer(request, response, next).catch(next);
  });
  // Connect's own page of an error shows the stack.
  app.use((_error: Error, _request: IncomingMessage, response: ServerResponse, _next: () => void) => {
    response.writeHead(500).end("failed");
  });
  const { server, url } = await listen(app);
  return { url, online, stop: () => closeServer(server) };
};

async function answer(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case "GET /":
      response.end(HELLO);
      return;
    case "GET /json":
      response.setHeader("Content-Type", "application/json").end(JSON.stringify(JSON_ANSWER));
      return;
    case "POST /echo":
      response.end(await text(request));
      return;
    case "GET /stream":
      for (const chunk of CHUNKS) response.write(chunk);
      response.end();
      return;
    case "GET /fail":
      throw new Error("the application's own");
    default:
      next();
  }
}
