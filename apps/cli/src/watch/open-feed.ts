import { readConfig } from "../config.ts";
import type { Flags } from "../flags.ts";
import type { Io } from "../io.ts";
import { choosePlace } from "../source/place.ts";
import type { CountFeed, FeedOptions } from "./feed.ts";

/** Opens what the command line and the environment name, as `openSource` does. Who opens closes. */
export async function openFeed(flags: Flags, io: Io, options: FeedOptions): Promise<CountFeed> {
  const config = readConfig(io.env);
  const place = choosePlace(flags, config);
  if (place.kind === "redis") {
    const [{ openStoreSource }, { storeFeed }] = await Promise.all([
      import("../source/store/store-source.ts"),
      import("./store-feed.ts"),
    ]);
    return storeFeed(await openStoreSource(place, config, io), options);
  }
  const [{ connectApi }, { apiFeed }] = await Promise.all([
    import("../source/api/connect.ts"),
    import("./api-feed.ts"),
  ]);
  return apiFeed(await connectApi(place, config), options);
}
