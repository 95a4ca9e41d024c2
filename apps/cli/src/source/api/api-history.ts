import { PresenceClientError } from "@presence/client";
import type { CliConfig } from "../../config.ts";
import { CliError, EXIT } from "../../errors.ts";
import type { HistorySource } from "../history.ts";
import type { ApiPlace } from "../place.ts";
import { connectApi } from "./connect.ts";

/** Asks an API. It is not asked anything before the first question. */
export async function openApiHistory(
  place: ApiPlace,
  config: CliConfig,
  what: string,
): Promise<HistorySource> {
  const { name, client } = await connectApi(place, config);

  /** Who only names a Redis would look for the fault there. */
  async function explained<Answer>(asking: Promise<Answer>): Promise<Answer> {
    try {
      return await asking;
    } catch (error) {
      const isMisnamed = error instanceof PresenceClientError && error.kind === "unreachable";
      if (!isMisnamed || config.redisUrl === undefined || config.url !== undefined) throw error;
      throw new CliError(
        EXIT.unreachable,
        `${what} is kept by the API, not in Redis, and none answers at ${name}: name it with --url or PRESENCE_URL, or the database it uses with MONGODB_URL.`,
        { cause: error },
      );
    }
  }

  return {
    name,
    history: ({ channel, fromMs, toMs, step }) => {
      const range = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
      return explained(client.history({ channel, step, ...range }));
    },
    peaks: (channel) => explained(client.peaks({ channel })),
    resetPeak: (peak) => explained(client.resetPeak(peak)),
    async close() {},
  };
}
