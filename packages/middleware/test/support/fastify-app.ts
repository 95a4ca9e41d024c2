import { Readable } from "node:stream";
import Fastify from "fastify";
import { presence } from "../../src/fastify.ts";
import { urlOf } from "./listen.ts";
import { CHUNKS, HELLO, JSON_ANSWER, type StartApp } from "./test-app.ts";

export const startFastifyApp: StartApp = async (options) => {
  const app = Fastify();
  const { skip, channel } = options ?? {};
  const online =
    options === null
      ? null
      : presence({
          ...options,
          skip: ({ url }) => skip?.(url) ?? false,
          channel: ({ url }) => channel?.(url),
        });
  if (online !== null) await app.register(online);
  app.get("/", async () => HELLO);
  app.get("/json", async () => JSON_ANSWER);
  app.post("/echo", async (request) => request.body);
  app.get("/stream", (_request, reply) => reply.send(Readable.from(CHUNKS)));
  app.get("/fail", async () => {
    throw new Error("the application's own");
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return { url: urlOf(app.server), online, stop: () => app.close() };
};
