import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { streamText } from "hono/streaming";
import { presence } from "../../src/fetch.ts";
import { closeServer, urlOf } from "./listen.ts";
import { CHUNKS, HELLO, JSON_ANSWER, type StartApp } from "./test-app.ts";

export const startHonoApp: StartApp = async (options) => {
  const app = new Hono();
  const { skip, channel } = options ?? {};
  const online =
    options === null
      ? null
      : presence({
          ...options,
          skip: ({ url }) => skip?.(new URL(url).pathname) ?? false,
          channel: ({ url }) => channel?.(new URL(url).pathname),
        });
  app.get("/", (context) => context.text(HELLO));
  app.get("/json", (context) => context.json(JSON_ANSWER));
  app.post("/echo", async (context) => context.text(await context.req.text()));
  app.get("/stream", (context) =>
    streamText(context, async (stream) => {
      for (const chunk of CHUNKS) await stream.write(chunk);
    }),
  );
  app.get("/fail", () => {
    throw new Error("the application's own");
  });
  app.onError((_error, context) => context.text("failed", 500));
  const server = await new Promise<ServerType>((resolve) => {
    const fetch = online === null ? app.fetch : online(app.fetch);
    const started = serve({ fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(started));
  });
  return { url: urlOf(server), online, stop: () => closeServer(server) };
};
