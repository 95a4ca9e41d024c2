import Koa from "koa";
import { Redis } from "ioredis";
import { presence } from "@presence/middleware/koa";

// One Koa application, counted in the way its first argument names: `bare`, `naive`, `presence` or `presence-hashed`.
// It prints its address, and ends with its input.
const [kind = "bare"] = process.argv.slice(2);
const redisUrl = process.env["REDIS_URL"] ?? "";
const app = new Koa();

switch (kind) {
  case "bare":
    break;
  case "naive": {
    // What everybody writes first: one command, awaited, for each request.
    const redis = new Redis(redisUrl);
    redis.on("error", () => {});
    app.use(async (ctx, next) => {
      const address = ctx.get("X-Forwarded-For").split(",")[0] ?? ctx.ip;
      await redis.zadd("onlines", Math.floor(Date.now() / 1_000), address);
      await next();
    });
    break;
  }
  case "presence":
  case "presence-hashed":
    app.use(
      presence({
        redis: redisUrl,
        trustedProxies: ["loopback"],
        identity: kind === "presence" ? "ip" : "hashed",
      }),
    );
    break;
  default:
    throw new RangeError(`no such application: ${kind}`);
}

app.use((ctx) => {
  ctx.body = "Hello";
});

const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`listening on ${typeof address === "object" ? address?.port : ""}\n`);
});
process.stdin.on("end", () => process.exit()).resume();
