import { describe, expect, it, onTestFinished } from "vitest";
import { createServerClock, type ServerClock } from "../src/server-clock.ts";
import { closeServer, listen } from "./support/listen.ts";

/** A clock that has heard once of a server whose own clock is so much ahead. */
async function clockOf(aheadMs: number): Promise<ServerClock> {
  const { server, url } = await listen((_request, response) => {
    response.setHeader("Date", new Date(Date.now() + aheadMs).toUTCString()).end();
  });
  onTestFinished(() => closeServer(server));
  const clock = createServerClock();
  await clock.fetch(url);
  return clock;
}

describe("a time told to a server", () => {
  it.each([3_600_000, -3_600_000, 10_000])(
    "is in its own time where its clock is %d ms ahead",
    async (aheadMs) => {
      const clock = await clockOf(aheadMs);
      const toldMs = Date.parse(clock.serverTime(clock.nowMs()));
      expect(Math.abs(toldMs - Date.now() - aheadMs)).toBeLessThan(1_000);
    },
  );

  it("is as it was where the clocks differ by less than the header tells", async () => {
    const clock = await clockOf(0);
    expect(clock.serverTime(1_800_000_000_000)).toBe("2027-01-15T08:00:00.000Z");
  });

  it("is this machine's before the server was heard", () => {
    expect(createServerClock().serverTime(1_800_000_000_000)).toBe("2027-01-15T08:00:00.000Z");
  });
});
