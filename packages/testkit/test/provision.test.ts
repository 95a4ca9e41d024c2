import { describe, expect, it } from "vitest";
import { provision, provisionedLine, type Provisioned } from "../src/provision/provision.ts";
import type { NeededThing } from "../src/provision/things.ts";

/** A machine with some packages, on which others can be installed. */
function machine(present: readonly string[], canInstall: boolean) {
  const packages = new Set(present);
  const thing = (name: string): NeededThing => ({
    name,
    neededBy: `tests of ${name}`,
    packages: [name],
    find: async () => (packages.has(name) ? `/bin/${name}` : null),
  });
  const install = async (names: readonly string[]): Promise<string | null> => {
    if (!canInstall) return "only root may";
    for (const name of names) packages.add(name);
    return null;
  };
  return { thing, install };
}

describe("provision", () => {
  it("finds what is there and installs what is not, each told in its turn", async () => {
    const { thing, install } = machine(["redis-server"], true);
    const told: Provisioned[] = [];
    const results = await provision(
      [thing("redis-server"), thing("nginx")],
      (result) => told.push(result),
      install,
    );
    expect(results.map(provisionedLine)).toEqual([
      "found      redis-server: /bin/redis-server",
      "installed  nginx: /bin/nginx",
    ]);
    expect(told).toEqual(results);
  });

  it("names what is missing, why, and what needs it", async () => {
    const { thing, install } = machine([], false);
    const [result] = await provision([thing("nginx")], () => {}, install);
    expect(result).toMatchObject({ state: "missing", name: "nginx" });
    expect(result && provisionedLine(result)).toBe(
      "missing    nginx: only root may. Needed by tests of nginx.",
    );
  });

  it("counts what cannot be finished, or is not there after its installation, as missing, and goes on", async () => {
    const { thing, install } = machine(["go", "nginx"], true);
    const broken = { ...thing("go"), finish: () => Promise.reject(new Error("no compiler")) };
    const absent = { ...thing("other"), find: async () => null };
    const results = await provision([broken, absent, thing("nginx")], () => {}, install);
    expect(results.map(({ state }) => state)).toEqual(["missing", "missing", "found"]);
    expect(results[0] && provisionedLine(results[0])).toContain("no compiler");
  });
});
