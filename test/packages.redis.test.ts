import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { freePort, redisForTests, scratchFolder, startProcess, type TestRedis } from "@presence/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { installedProgram, npmInstall, type PackedPackages, packPackages } from "./support/packed.ts";
import { type Ended, run, runTool } from "./support/programs.ts";
import { catalogVersion, ROOT } from "./support/repository.ts";

/** What other people's applications import. */
const LIBRARIES = [
  "@presence/core",
  "@presence/client-address",
  "@presence/api-contract",
  "@presence/client",
  "@presence/middleware",
];

const FRAMEWORK = ["express", "@types/express", "@types/node"];

/** As strict as a compiler can be asked to be, the declarations of dependencies included. */
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: "nodenext",
    target: "es2024",
    types: ["node"],
    noEmit: true,
  },
};

const INGEST_TOKEN = "ingest-token-of-at-least-32-characters";

let packed: PackedPackages;
let redis: TestRedis;
/** Folders outside the repository with nothing in them but what npm put there. */
let site: Awaited<ReturnType<typeof scratchFolder>>;
let home: Awaited<ReturnType<typeof scratchFolder>>;

beforeAll(async () => {
  [packed, redis, site, home] = await Promise.all([
    packPackages([...LIBRARIES, "@presence/api", "@presence/cli"]),
    redisForTests(),
    scratchFolder("site"),
    scratchFolder("home"),
  ]);
  await writeFile(join(site.path, "package.json"), '{"private":true,"type":"module"}');
  const frameworks = FRAMEWORK.map((name) => `${name}@${catalogVersion(name)}`);
  await Promise.all([
    npmInstall(site.path, [...LIBRARIES.map((name) => packed.tarball(name)), ...frameworks]),
    npmInstall(home.path, [...packed.tarballs("@presence/api"), packed.tarball("@presence/cli")]),
  ]);
});
afterAll(async () => {
  await Promise.all([packed[Symbol.asyncDispose](), redis.stop(), site.remove(), home.remove()]);
});

/** The presence-server that npm installed, on a port of its own; answers its address. */
async function startServer(): Promise<string> {
  const port = await freePort();
  const program = join(home.path, "node_modules/.bin/presence-server");
  const server = await startProcess(process.execPath, [program], {
    cwd: home.path,
    env: { PORT: String(port), PRESENCE_INGEST_TOKENS: INGEST_TOKEN },
    ready: /Presence is listening/,
  });
  onTestFinished(async () => void (await server.stop()));
  return `http://127.0.0.1:${port}`;
}

/** The example at the top of the middleware's README, with these options; answers its address. */
async function startSite(options: object): Promise<string> {
  const port = await freePort();
  const example = await readmeExample("@presence/middleware");
  const code = example
    .replace('{ redis: "redis://localhost:6379",', `{ ...${JSON.stringify(options)},`)
    .replace("3000", String(port));
  await writeFile(join(site.path, "site.ts"), code);
  const app = await startProcess(process.execPath, ["site.ts"], {
    cwd: site.path,
    ready: async () => (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => null)) !== null,
  });
  onTestFinished(async () => void (await app.stop()));
  return `http://127.0.0.1:${port}`;
}

/** The first example of an installed package's README. */
async function readmeExample(name: string): Promise<string> {
  const readme = await readFile(join(site.path, "node_modules", name, "README.md"), "utf8");
  const [, code] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? [];
  if (code === undefined) throw new Error(`the README of ${name} has no example`);
  return code;
}

function visit(url: string, address: string): Promise<Response> {
  return fetch(url, { headers: { "X-Forwarded-For": address } });
}

describe("a package that others install", () => {
  it.each(LIBRARIES)("has all that its manifest names, with types, as ESM: %s", async (name) => {
    const tarball = packed.tarball(name);
    const [lint, types] = await Promise.all([
      runTool("publint/src/cli.js", [tarball, "--strict"], ROOT),
      runTool("@arethetypeswrong/cli/dist/index.js", [tarball, "--profile", "esm-only"], ROOT),
    ]);
    expect(lint).toMatchObject({ code: 0, stdout: expect.stringContaining("All good!") });
    expect(types).toMatchObject({ code: 0 });
  });

  it("names real versions of what it needs", async () => {
    const manifests = await Promise.all(
      LIBRARIES.map((name) => readFile(join(site.path, "node_modules", name, "package.json"), "utf8")),
    );
    expect(manifests.join().match(/"(?:workspace|catalog):[^"]*"/g)).toBeNull();
  });
});

describe("an application with our packages from npm", () => {
  it("passes the strictest type check with any entry and any README's example", async () => {
    const entries = ["koa", "express", "fastify", "fetch"].map((entry) => `@presence/middleware/${entry}`);
    const imports = ["@presence/core/redis", ...entries].map(
      (entry, index) => `export * as entry${index} from "${entry}";\n`,
    );
    await writeFile(join(site.path, "entries.ts"), imports.join(""));
    const files = LIBRARIES.map((name) => `${basename(name)}-example.ts`);
    for (const [index, name] of LIBRARIES.entries())
      await writeFile(join(site.path, files[index] ?? ""), await readmeExample(name));
    await writeFile(
      join(site.path, "tsconfig.json"),
      JSON.stringify({ ...TSCONFIG, files: ["entries.ts", ...files] }),
    );
    const { code, stdout } = await runTool("typescript/bin/tsc", ["-p", site.path], site.path);
    expect(stdout).toBe("");
    expect(code).toBe(0);
  });

  it.each(LIBRARIES.slice(0, -1))("does and prints what the README's example of %s says", async (name) => {
    const code = await readmeExample(name);
    const file = join(site.path, `${basename(name)}-run.ts`);
    const server = name === "@presence/client" ? await startServer() : "";
    const replaced = code
      .replace('"redis://localhost:6379"', `${JSON.stringify(redis.url)}, key: "${redis.key}-example"`)
      .replace("https://presence.example.com", server)
      .replace("3000", "0");
    await writeFile(file, replaced);
    const printed = [...code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map(([, text]) => text);
    const expected =
      name === "@presence/client" ? ["0 online { complete: false, stale: false }", "now 0"] : printed;
    await using program = await startProcess(process.execPath, [file], {
      ready: ({ stdout }) => stdout.split("\n").length > expected.length,
    });
    expect(program.stdout.split("\n").slice(0, expected.length)).toEqual(expected);
    // The two others are servers and streams, which go on.
    if (["@presence/core", "@presence/api-contract"].includes(name))
      expect(await program.exited).toMatchObject({ code: 0 });
    expect(program.stderr).toBe("");
  });

  it("counts its visitors in Redis, as the README shows", async () => {
    const url = await startSite({ redis: redis.url, key: `${redis.key}-site` });
    for (const address of ["203.0.113.1", "203.0.113.2", "203.0.113.1"]) await visit(url, address);
    const answer = await visit(`${url}/online`, "203.0.113.2");
    // The third is who asked whether it is ready.
    expect(await answer.json()).toEqual({ count: 3, windowSeconds: 60, complete: false });
  });

  it("counts them at a presence-server from npm", async () => {
    const url = await startSite({ url: await startServer(), ingestToken: INGEST_TOKEN });
    await visit(url, "203.0.113.1");
    const answer = await visit(`${url}/online`, "203.0.113.2");
    expect(await answer.json()).toEqual({ count: 3, windowSeconds: 60, complete: false });
  });
});

describe("presence-server from npm", () => {
  it("starts in an empty folder, counts a visit, and keeps its data there", async () => {
    const url = await startServer();
    await fetch(`${url}/anything`);
    const answer = await fetch(`${url}/user/online/`);
    expect(await answer.json()).toEqual({ msg: "访问人数", num: 1 });
    expect((await stat(join(home.path, "data/admin-token"))).isFile()).toBe(true);
  });
});

describe("presence-cli from npm", () => {
  const presenceCli = (...args: string[]): Promise<Ended> =>
    run(process.execPath, [installedProgram(home.path, "presence-cli"), ...args], {
      cwd: home.path,
      env: { REDIS_URL: redis.url, PRESENCE_KEY: `${redis.key}-cli` },
    });

  it("records, counts and lists in Redis, without the sources it was made of", async () => {
    expect(await presenceCli("record", "203.0.113.1", "2001:db8:1:2::9")).toMatchObject({ code: 0 });
    expect(await presenceCli("count", "--format", "plain")).toMatchObject({ code: 0, stdout: "2\n" });
    const { stdout } = await presenceCli("list");
    expect(stdout).toContain("203.0.113.1");
    expect(stdout).toContain("2001:db8:1:2::/64");
  });

  it("says how it is used, and which libraries are part of it", async () => {
    const help = await presenceCli("count", "--help");
    expect(help.stdout).toContain("--window");
    const licences = join(home.path, "node_modules/@presence/cli/dist/LICENCES.txt");
    expect(await readFile(licences, "utf8")).toMatch(/^ioredis \d.*^yargs \d/ms);
  });
});
