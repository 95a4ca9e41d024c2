import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import Koa from "koa";
import { presence } from "../../src/koa.ts";
import { closeServer, listen } from "./listen.ts";
import { CHUNKS, HELLO, JSON_ANSWER, type StartApp } from "./test-app.ts";

export const startKoaApp: StartApp = async (options) => {
  const app = new Koa();
  app.silent = true;
  const { skip, channel } = options ?? {};
  const online =
    options === null
      ? null
      : presence({
          ...options,
          skip: ({ path }) => skip?.(path) ?? false,
          channel: ({ path }) => channel?.(path),
        });
  if (online !== null) app.use(online);
  app.use(async (context) => {
    switch (`${context.method} ${context.path}`) {
      case "GET /":
        context.body = HELLO;
        return;
      case "GET /json":
        context.body = JSON_ANSWER;
        return;
      case "POST /echo":
        context.body = await text(context.req);
        return;
      case "GET /stream":
        context.body = Readable.from(CHUNKS);
        return;
      case "GET /fail":
        throw new Error("the application's own");
    }
  });
  const { server, url } = await listen(app.callback());
  return { url, online, stop: () => closeServer(server) };
};
