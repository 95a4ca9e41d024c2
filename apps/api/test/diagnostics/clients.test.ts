import { describe, expect, it } from "vitest";
import { bearer, INGEST_TOKEN, startTestApi, type TestApi } from "../support/api.ts";
import { codes, finding, look } from "../support/diagnostics.ts";

const DISTRUSTFUL = { PRESENCE_TRUSTED_PROXIES: "" };

async function visit(api: TestApi, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) await api.visit(address);
}

const publicAddresses = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `203.0.${i >> 8}.${i & 255}`);

async function send(api: TestApi, sightings: readonly unknown[]): Promise<void> {
  const answer = await api.post("/v1/sightings", { sightings }, bearer(INGEST_TOKEN));
  expect(answer.status).toBe(200);
}

describe("a proxy that is not trusted", () => {
  it("is found with the peer, the figures and the CIDR to add", async () => {
    const api = await startTestApi({ env: DISTRUSTFUL });
    await visit(api, publicAddresses(25));
    expect(await finding(api, "proxy-not-trusted")).toMatchObject({
      severity: "fail",
      detail: "All 25 requests came from 127.0.0.1, which sends X-Forwarded-For.",
      remedy: "Add 127.0.0.1/32 to PRESENCE_TRUSTED_PROXIES.",
    });
    // One cause, one finding: that all clients look alike follows from it.
    expect(await codes(api)).toEqual(["proxy-not-trusted"]);
    expect(await look(api)).toMatchObject({
      tally: { requests: 25, loopback: 25, private: 0, untrustedForwarded: 25, busiestShare: 1 },
    });
  });

  it("is found by the header that PRESENCE_CLIENT_HEADER names", async () => {
    const api = await startTestApi({ env: { ...DISTRUSTFUL, PRESENCE_CLIENT_HEADER: "CF-Connecting-IP" } });
    for (let request = 0; request < 25; request += 1)
      await api.get("/", { headers: { "cf-connecting-ip": "203.0.113.9" } });
    expect((await finding(api, "proxy-not-trusted")).detail).toContain("sends Cf-Connecting-Ip");
  });

  it("is none once it is trusted, nor after a few requests", async () => {
    const trusting = await startTestApi();
    await visit(trusting, publicAddresses(25));
    expect(await codes(trusting)).toEqual([]);
    const quiet = await startTestApi({ env: DISTRUSTFUL });
    await visit(quiet, publicAddresses(19));
    expect(await codes(quiet)).toEqual([]);
  });

  it.each([
    ["10.0.0.7", "10.0.0.7/32"],
    ["fd00::7", "fd00::7/128"],
  ])("is named where it is the private peer %s", async (peer, cidr) => {
    const api = await startTestApi();
    for (let request = 0; request < 3_120; request += 1) recordFrom(api, peer);
    expect(await finding(api, "proxy-not-trusted")).toMatchObject({
      detail: `All 3,120 requests came from ${peer}, which sends X-Forwarded-For.`,
      remedy: `Add ${cidr} to PRESENCE_TRUSTED_PROXIES.`,
    });
  });

  it("is never advised for a peer from afar, which may be anybody", async () => {
    const api = await startTestApi();
    for (let request = 0; request < 50; request += 1) recordFrom(api, `198.51.100.${request}`);
    const found = await finding(api, "forwarded-not-believed");
    expect(found.severity).toBe("info");
    expect(JSON.stringify(await look(api))).not.toContain("198.51.100.");
    expect(await codes(api)).not.toContain("proxy-not-trusted");
  });
});

/** A request with a proxy's header from a peer that no socket of a test can have. */
function recordFrom(api: TestApi, peer: string): void {
  const request = { socket: { remoteAddress: peer }, headers: { "x-forwarded-for": "203.0.113.9" } };
  api.deps.callers.record(request, "site");
}

describe("clients that look alike", () => {
  it("are found where all are private", async () => {
    const api = await startTestApi();
    await visit(
      api,
      Array.from({ length: 25 }, (_, i) => `10.0.0.${i}`),
    );
    expect(await finding(api, "clients-private")).toMatchObject({
      severity: "warn",
      detail: "All 25 requests came from private addresses.",
    });
  });

  it("are no alarm on the machine of who tries it out", async () => {
    const api = await startTestApi({ env: DISTRUSTFUL });
    for (let request = 0; request < 25; request += 1) await api.get("/");
    expect((await finding(api, "clients-loopback")).severity).toBe("info");
  });

  it("are found where one makes nearly all requests, and are named", async () => {
    const api = await startTestApi();
    await visit(api, [...publicAddresses(10), ...Array.from({ length: 190 }, () => "198.51.100.1")]);
    expect(await finding(api, "requests-of-one-visitor")).toMatchObject({
      severity: "warn",
      detail: "190 of 200 requests are of 198.51.100.1.",
    });
    expect((await look(api)).tally.busiestShare).toBeCloseTo(0.95, 2);
  });

  it("are not named where addresses are hashed, in the answer or in the log", async () => {
    const api = await startTestApi({ env: { PRESENCE_IDENTITY: "hashed" } });
    await visit(
      api,
      Array.from({ length: 200 }, () => "198.51.100.1"),
    );
    const found = await finding(api, "requests-of-one-visitor");
    expect(found.detail).toBe("All 200 requests are of one visitor.");
    expect(api.log()).toContain("One visitor makes nearly all requests.");
    expect(api.log()).not.toContain("198.51.100.1");
  });

  it("are found where requests come from nobody", async () => {
    const api = await startTestApi();
    for (let request = 0; request < 20; request += 1)
      api.deps.callers.record({ socket: {}, headers: {} }, "site");
    expect((await finding(api, "requests-without-address")).detail).toContain("All 20 requests");
  });

  it("are none where visitors are many", async () => {
    const api = await startTestApi();
    await visit(api, publicAddresses(200));
    expect(await codes(api)).toEqual([]);
    expect(await look(api)).toMatchObject({ tally: { requests: 200, private: 0, loopback: 0, nobody: 0 } });
  });
});

describe("sightings sent by others", () => {
  it("are found where what they call an address is none", async () => {
    const api = await startTestApi();
    await send(api, [{ ip: "-" }, { ip: "example.com" }, { ip: "203.0.113.1" }]);
    expect((await finding(api, "sightings-without-address")).detail).toContain("2 sightings");
    expect((await look(api)).tally).toMatchObject({ requests: 0, refused: 2 });
  });

  it("are found where all addresses are private, such as those of a proxy's log", async () => {
    const api = await startTestApi();
    await send(
      api,
      Array.from({ length: 200 }, (_, i) => ({ ip: `10.0.0.${i % 2}` })),
    );
    expect((await finding(api, "sightings-private")).detail).toBe("All 200 addresses were private ones.");
  });

  it("are found where nearly all are of one visitor", async () => {
    const api = await startTestApi();
    await send(
      api,
      Array.from({ length: 200 }, () => ({ ip: "198.51.100.1" })),
    );
    expect((await finding(api, "sightings-of-one-visitor")).detail).toContain("198.51.100.1");
  });
});
