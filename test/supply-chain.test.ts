import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scratchFolder } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import type { AuditException } from "../scripts/support/audit.ts";
import { type Ended, run } from "./support/programs.ts";
import { type PublishedPackage, serve, startRegistry } from "./support/registry.ts";
import { catalogVersion, read, ROOT, rooms } from "./support/repository.ts";

const ADVISORY = {
  ioredis: [
    {
      id: 1_101,
      url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
      title: "It leaks",
      severity: "high",
      vulnerable_versions: ">=0.0.0",
      cwe: [],
      cvss: { score: 7.5, vectorString: null },
    },
  ],
};
const DAY_MS = 86_400_000;

/** What the step of `.ci/run` says where the audit endpoint answers like this. */
async function audit(
  answer: object | null,
  exceptions: readonly AuditException[] = [],
): Promise<{ readonly code: number | null; readonly said: string }> {
  await using endpoint = await serve((request, response) => {
    request.resume();
    if (answer === null) response.writeHead(405).end();
    else response.setHeader("Content-Type", "application/json").end(JSON.stringify(answer));
  });
  const { path, remove } = await scratchFolder("exceptions");
  try {
    await writeFile(join(path, "exceptions.json"), JSON.stringify(exceptions));
    const args = ["--registry", endpoint.url, "--exceptions", join(path, "exceptions.json")];
    const { code, stdout } = await run(process.execPath, [join(ROOT, "scripts/audit.ts"), ...args]);
    return { code, said: stdout };
  } finally {
    await remove();
  }
}

/** What comes of installing a package under this repository's settings from a registry that has it. */
async function install(published: PublishedPackage): Promise<Ended> {
  await using registry = await startRegistry([published]);
  const { path, remove } = await scratchFolder("installing");
  try {
    const settings = read("pnpm-workspace.yaml").replace(/^packages:\n(?: {2}- .*\n)+/, "packages: []\n");
    await writeFile(join(path, "pnpm-workspace.yaml"), settings);
    const dependencies = { [published.name]: "1.0.0" };
    await writeFile(join(path, "package.json"), JSON.stringify({ name: "installing", dependencies }));
    const folders = ["store", "cache", "state"].map((name) => `--config.${name}-dir=${join(path, name)}`);
    const args = ["-y", "pnpm@12", "install", "--registry", registry.url, ...folders];
    return await run("npx", args, { cwd: path });
  } finally {
    await remove();
  }
}

describe("the audit step", () => {
  const exception = { advisory: "GHSA-aaaa-bbbb-cccc", reason: "not reachable" };
  const day = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

  it("passes where nothing is known against what a service runs", async () => {
    const { code, said } = await audit({});
    expect(said).toMatch(/audit: [1-9]\d+ packages, 0 findings, 0 borne/);
    expect(code).toBe(0);
  });

  it("fails for a finding, and names it", async () => {
    const { code, said } = await audit(ADVISORY);
    expect(said).toContain(
      `FOUND GHSA-aaaa-bbbb-cccc (high) in ioredis ${catalogVersion("ioredis")}: It leaks`,
    );
    expect(code).toBe(1);
  });

  it("bears a finding until the day that is written beside it, and not after", async () => {
    const borne = await audit(ADVISORY, [{ ...exception, until: day(1) }]);
    expect(borne.said).toContain("borne GHSA-aaaa-bbbb-cccc");
    expect(borne.code).toBe(0);
    const over = await audit(ADVISORY, [{ ...exception, until: day(-1) }]);
    expect(over.said).toContain("FOUND GHSA-aaaa-bbbb-cccc");
    expect(over.code).toBe(1);
  });

  it("is no pass where the endpoint does not answer: it says so, and that it could not be tried", async () => {
    const { code, said } = await audit(null);
    expect(said).toContain("nobody could be asked");
    expect(said).toContain("405");
    expect(code).toBe(75);
  });

  it("counts in .ci/run as a skip by name", () => {
    const ci = read(".ci/run");
    expect(ci).toContain("check audit pnpm audit:prod");
    expect(ci).toMatch(/^ {4}75\) skipped=.*skipped: /m);
  });

  it("has a day for every exception that is made", () => {
    const exceptions = JSON.parse(read(".ci/audit-exceptions.json")) as readonly AuditException[];
    expect(exceptions.filter(({ until }) => !/^\d{4}-\d\d-\d\d$/.test(until))).toEqual([]);
  });
});

describe("the bill of materials", () => {
  it("is CycloneDX, and names each package of others that a package or service of ours runs", async () => {
    const { path, remove } = await scratchFolder("sbom");
    try {
      const file = join(path, "bom.json");
      expect(await run(process.execPath, [join(ROOT, "scripts/sbom.ts"), "--out", file])).toMatchObject({
        code: 0,
      });
      const bom = JSON.parse(await readFile(file, "utf8")) as {
        readonly bomFormat: string;
        readonly components: readonly { readonly purl: string; readonly licenses?: readonly object[] }[];
      };
      expect(bom.bomFormat).toBe("CycloneDX");
      const named = new Set(bom.components.map(({ purl }) => decodeURIComponent(purl)));
      const needed = rooms()
        .flatMap(({ manifest }) => Object.entries(manifest.dependencies ?? {}))
        .filter(([, version]) => version === "catalog:")
        .map(([name]) => `pkg:npm/${name}@${catalogVersion(name)}`);
      expect(needed.length).toBeGreaterThan(20);
      expect(needed.filter((purl) => !named.has(purl))).toEqual([]);
      expect([...named].filter((purl) => /\/(?:vitest|oxlint|turbo)@/.test(purl))).toEqual([]);
    } finally {
      await remove();
    }
  });
});

describe("an install", () => {
  it("takes what was released four days ago", async () => {
    expect(await install({ name: "settled", publishedMs: Date.now() - 4 * DAY_MS })).toMatchObject({
      code: 0,
    });
  });

  it("refuses what was released two days ago", async () => {
    const { code, stdout, stderr } = await install({ name: "fresh", publishedMs: Date.now() - 2 * DAY_MS });
    expect(`${stdout}${stderr}`).toMatch(/minimumReleaseAge|RELEASE_AGE|MATURE/i);
    expect(code).not.toBe(0);
  });

  it("refuses a build script that nobody has allowed", async () => {
    const scripts = { postinstall: "node -e 0" };
    const { code, stdout, stderr } = await install({
      name: "building",
      publishedMs: Date.now() - 4 * DAY_MS,
      scripts,
    });
    expect(`${stdout}${stderr}`).toMatch(/IGNORED_BUILDS|ignored build scripts/i);
    expect(code).not.toBe(0);
  });
});
