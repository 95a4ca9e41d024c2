import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { startApiProgram } from "./support/programs.ts";
import { mirrorAll } from "./support/pipeline.ts";

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.family === "IPv6");

describe.skipIf(!hasIpv6)("a socket that takes IPv4 and IPv6", () => {
  it("shows two IPv4 clients as two visitors, however often they come", async () => {
    const { url } = await startApiProgram({ HOST: "::", PRESENCE_TRUSTED_PROXIES: "" });
    const port = new URL(url).port;
    const visit = (host: string, from: string): Promise<number> =>
      mirrorAll(`http://${host}:${port}`, ["Accept: */*"], from);
    const num = async (): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}/user/online/`)).json();
    await visit("127.0.0.1", "127.0.0.1");
    await visit("127.0.0.1", "127.0.0.2");
    await visit("127.0.0.1", "127.0.0.2");
    await expect.poll(num, { timeout: 20_000 }).toMatchObject({ num: 2 });
  });
});
