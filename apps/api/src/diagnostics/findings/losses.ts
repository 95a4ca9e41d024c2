import type { Facts } from "../facts.ts";
import { counted, figure, type Found } from "../finding.ts";

/** What was not counted though it should have been. */
export function findLosses({ config, dropped, requests, sightings }: Facts): readonly Found[] {
  const refused = (...reasons: readonly string[]): number =>
    reasons.reduce(
      (sum, reason) => sum + (requests.refusals.get(reason) ?? 0) + (sightings.refusals.get(reason) ?? 0),
      0,
    );
  const withoutRoom = refused("too-many-channels", "PRESENCE_TOO_MANY_CHANNELS");
  const withoutKey = refused("key");
  const ofOtherChannels = refused("channel-not-allowed", "PRESENCE_CHANNEL_NOT_ALLOWED");
  const late = refused("PRESENCE_TIME_EXPIRED");
  const early = refused("PRESENCE_TIME_IN_FUTURE");
  const found: (Found | false)[] = [
    dropped > 0 && {
      code: "sightings-dropped",
      severity: "fail",
      title: "Visits were lost for want of room",
      detail: `${counted(dropped, "visitor was", "visitors were")} dropped while PRESENCE_BUFFER_VISITORS (${figure(config.bufferVisitors)}) of them waited for the store.`,
      values: { count: dropped, bufferVisitors: config.bufferVisitors },
      remedy:
        "Bring the store back, or nearer: it takes longer than visitors take to come. PRESENCE_BUFFER_VISITORS bridges longer outages for more memory.",
    },
    withoutKey > 0 && {
      code: "identity-key-missing",
      severity: "fail",
      title: "Visitors cannot be hashed yet",
      detail: `${counted(withoutKey, "visit was", "visits were")} not counted: the store has not given today's key.`,
      values: { count: withoutKey },
      remedy: "Bring the store back: it keeps the keys of PRESENCE_IDENTITY=hashed.",
    },
    withoutRoom > 0 && {
      code: "channels-full",
      severity: "warn",
      title: "There are as many channels as there may be",
      detail: `${counted(withoutRoom, "sighting", "sightings")} of channels beyond PRESENCE_CHANNELS_MAX (${figure(config.channelsMax)}) ${wasOrWere(withoutRoom)} refused.`,
      values: { count: withoutRoom, channelsMax: config.channelsMax },
      remedy:
        "Raise PRESENCE_CHANNELS_MAX; or see with GET /v1/channels whether somebody makes up names, and narrow PRESENCE_CHANNELS.",
    },
    ofOtherChannels > 0 && {
      code: "channels-not-allowed",
      severity: "warn",
      title: "Sightings name channels that are not counted here",
      detail: `${counted(ofOtherChannels, "sighting", "sightings")} of channels that PRESENCE_CHANNELS does not name ${wasOrWere(ofOtherChannels)} refused.`,
      values: { count: ofOtherChannels, channels: config.channels.join(",") },
      remedy: `Add them to PRESENCE_CHANNELS, now ${config.channels.join(",")}; page:* takes all that begin with page:.`,
    },
    late + early > 0 && {
      code: "sightings-out-of-time",
      severity: "warn",
      title: "Sightings come too late, or from the future",
      detail: `Of those sent to /v1/sightings, ${figure(late)} ${wasOrWere(late)} older than the window and ${figure(early)} more than 5 s ahead.`,
      values: { late, early },
      remedy: "Send them within the window, and set the sender's clock (NTP).",
    },
  ];
  return found.filter((finding) => finding !== false);
}

function wasOrWere(count: number): string {
  return count === 1 ? "was" : "were";
}
