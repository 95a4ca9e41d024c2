import { describe, expect, it, onTestFinished } from "vitest";
import { ADMIN_TOKEN, type AbusedApi, launchAbusedApi, seeUnhurt } from "../support/abused-api.ts";
import { mirrorAll } from "../support/pipeline.ts";

async function launch(trustedProxies: string): Promise<AbusedApi> {
  const api = await launchAbusedApi({ PRESENCE_TRUSTED_PROXIES: trustedProxies });
  onTestFinished(() => api[Symbol.asyncDispose]());
  return api;
}

async function online({ url }: AbusedApi): Promise<number> {
  const response = await fetch(`${url}/v1/online/visitors?limit=1000`, {
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  const { visitors } = (await response.json()) as { readonly visitors: readonly { visitor: string }[] };
  for (const { visitor } of visitors) expect(visitor).toMatch(/^[0-9a-f.:/]{2,45}$/);
  return visitors.length;
}

const RUBBISH = [
  "a".repeat(6_000),
  "1.1.1.1,".repeat(900),
  ",".repeat(6_000),
  "127.0.0.1, ".repeat(500),
  "[[[[[[",
  "::::::::::",
  "1.2.3.4:99999999",
  "%00",
  "\u00ff\u00fe",
  "0x7f.1",
  "999.999.999.999",
  "-1",
  "__proto__",
  "constructor",
  "2001:db8::1%eth0%eth1",
  `"${"\\".repeat(3_000)}"`,
];

describe("X-Forwarded-For", () => {
  it("of a peer nobody trusts is one visitor, whatever 20,000 requests make up", async () => {
    const api = await launch("");
    const made = Array.from(
      { length: 20_000 },
      (_, n) => `X-Forwarded-For: 10.${n >>> 16}.${(n >>> 8) & 255}.${n & 255}`,
    );
    expect(await mirrorAll(api.url, [...made, ...RUBBISH.map((text) => `X-Forwarded-For: ${text}`)])).toBe(
      20_016,
    );
    expect(await online(api)).toBe(1);
    await seeUnhurt(api, 150);
  });

  it("of a trusted proxy is as many as it says, each an address, in bounded memory", async () => {
    const api = await launch("loopback");
    const networks = Array.from(
      { length: 20_000 },
      (_, n) => `X-Forwarded-For: "[2001:db8:0:1::${n.toString(16)}]:${1024 + n}"`,
    );
    expect(
      await mirrorAll(api.url, [...networks, ...RUBBISH.map((text) => `X-Forwarded-For: ${text}`)]),
    ).toBe(20_016);
    // One network, the leftmost of rubbish that is an address, and the proxy where nothing of it is.
    expect(await online(api)).toBeLessThanOrEqual(5);
    await seeUnhurt(api, 200);
  });

  it("in many lines, with a name of an object's own beside it, hurts nobody", async () => {
    const api = await launch("loopback");
    const line = `${"X-Forwarded-For: 192.0.2.1\r\n".repeat(200)}__proto__: x\r\nconstructor: y`;
    expect(
      await mirrorAll(
        api.url,
        Array.from({ length: 200 }, () => line),
      ),
    ).toBe(200);
    expect(await online(api)).toBe(1);
    await seeUnhurt(api, 150);
  });
});
