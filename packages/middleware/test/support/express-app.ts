import { text } from "node:stream/consumers";
import express from "express";
import { presence } from "../../src/express.ts";
import { closeServer, listen } from "./listen.ts";
import { CHUNKS, HELLO, JSON_ANSWER, type StartApp } from "./test-app.ts";

export const startExpressApp: StartApp = async (options) => {
  const app = express();
  const { skip, channel } = options ?? {};
  const online =
    options === null
      ? null
      : presence({
          ...options,
          skip: ({ path }: express.Request) => skip?.(path) ?? false,
          channel: ({ path }: express.Request) => channel?.(path),
        });
  if (online !== null) app.use(online);
  app.get("/", (_request, response) => void response.send(HELLO));
  app.get("/json", (_request, response) => void response.json(JSON_ANSWER));
  app.post("/echo", async (request, response) => void response.type("text").send(await text(request)));
  app.get("/stream", (_request, response) => {
    for (const chunk of CHUNKS) response.write(chunk);
    response.end();
  });
  app.get("/fail", () => {
    throw new Error("the application's own");
  });
  // Express' own page of an error shows the stack.
  app.use((_error: Error, _request: express.Request, response: express.Response, _next: () => void) => {
    response.status(500).send("failed");
  });
  const { server, url } = await listen(app);
  return { url, online, stop: () => closeServer(server) };
};
