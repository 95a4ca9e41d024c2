import type { CliConfig } from "../../config.ts";
import type { OperationsSource } from "../operations.ts";
import type { ApiPlace } from "../place.ts";
import { connectApi } from "./connect.ts";

/** Most channels one answer has. */
const MAX_CHANNELS = 1_000;

/** Asks an API. It is not asked anything before the first question. */
export async function openApiOperations(place: ApiPlace, config: CliConfig): Promise<OperationsSource> {
  const { name, client } = await connectApi(place, config);
  return {
    name,
    async channels({ only, prefix, limit }) {
      if (only === undefined) return client.channels({ limit, ...(prefix === undefined ? {} : { prefix }) });
      const found = await client.channels({ prefix: only, limit: MAX_CHANNELS });
      const channels = found.channels.filter(({ channel }) => channel === only);
      return { ...found, total: channels.length, channels };
    },
    uniques: (question) => client.uniques(question),
    jobs: () => client.jobs(),
    async close() {},
  };
}
