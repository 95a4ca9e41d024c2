import type { FlagSpec } from "../command.ts";

/** The flags of every command that asks a store or an API. */
export const WHERE_FLAGS: readonly FlagSpec[] = [
  {
    name: "redis-url",
    value: "<url>",
    describe: "Ask this Redis itself (redis://, rediss://, redis+sentinel://, redis+cluster://)",
    fallback: "REDIS_URL",
  },
  {
    name: "key",
    value: "<prefix>",
    describe: "Prefix of the keys in Redis",
    fallback: "PRESENCE_KEY or onlines",
  },
  {
    name: "url",
    value: "<url>",
    describe: "Ask the API at this address",
    fallback: "PRESENCE_URL or http://localhost:3000",
  },
  {
    name: "token",
    value: "<token>",
    describe: "Token for the API",
    fallback: "PRESENCE_TOKEN, or on this machine the one in PRESENCE_DATA_DIR",
  },
  { name: "channel", value: "<name>", describe: "The channel", fallback: "site" },
];
