import { MongoError } from "mongodb";
import { ConfigError, type Logger } from "@presence/service-kit";
import type { SchedulerConfig } from "../config.ts";
import { createMongoConnection, type MongoConnection } from "./connection.ts";

/**
 * Prepares the connection to MongoDB, and logs when it is lost and back.
 *
 * @throws {ConfigError} when `MONGODB_URL` is none the client can use.
 */
export function openMongo({ mongodbUrl }: SchedulerConfig, logger: Logger): MongoConnection {
  try {
    return createMongoConnection({
      url: mongodbUrl,
      onChange: (isReady, error) => {
        if (isReady) logger.info("MongoDB is there");
        else logger.warn({ err: error }, "MongoDB is lost: jobs wait for its return");
      },
    });
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new ConfigError([{ variable: "MONGODB_URL", reason: `cannot be used: ${error.message}` }]);
  }
}
