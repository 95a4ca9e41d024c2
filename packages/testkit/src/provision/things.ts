import { existsSync } from "node:fs";
import { findNginx } from "../nginx/server.ts";
import { builtFerretdb, ferretdbProgram } from "../mongo/ferretdb.ts";
import { onPath } from "../process/on-path.ts";
import { findPythonTool, installPythonTool, PYTHON_TOOLS } from "../python/tools.ts";
import { startProcess } from "../process/start-process.ts";

/** Something that tests need on the machine. */
export interface NeededThing {
  readonly name: string;
  /** What cannot run without it. */
  readonly neededBy: string;
  /** Where it is, or `null`. */
  find(): Promise<string | null>;
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
  /** What is left to do when it is there, such as building from it. Answers where the result is. */
  finish?(): Promise<string>;
}

/** Oldest Go that builds FerretDB; from 1.21 on Go fetches a newer one by itself. */
const OLDEST_GO_MINOR = 21;

const FONT_FILES = [
  "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
  "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
  "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
  "/System/Library/Fonts/PingFang.ttc",
];

/** All of it, in the order in which it is looked for. */
export const NEEDED_THINGS: readonly NeededThing[] = [
  {
    name: "redis-server",
    neededBy: "*.redis.test.ts",
    find: async () => onPath("redis-server"),
    packages: ["redis-server"],
  },
  {
    name: "a MongoDB-protocol server",
    neededBy: "*.mongo.test.ts",
    find: findMongo,
    packages: ["golang-go"],
    finish: async () => onPath("mongod") ?? (await ferretdbProgram()),
  },
  {
    name: "nginx",
    neededBy: "tests of the nginx recipes, the rolling restart",
    find: async () => findNginx(),
    packages: ["nginx"],
  },
  {
    name: "chromium",
    neededBy: "*.browser.test.ts",
    find: async () => onPath("chromium") ?? onPath("chromium-browser") ?? onPath("google-chrome"),
    packages: ["chromium"],
  },
  {
    name: "a font for Chinese",
    neededBy: "*.browser.test.ts that take pictures",
    find: async () => FONT_FILES.find((file) => existsSync(file)) ?? null,
    packages: ["fonts-wqy-microhei"],
  },
  {
    name: "promtool",
    neededBy: "tests of metrics and alert rules",
    find: async () => onPath("promtool"),
    packages: ["prometheus"],
  },
  ...["zsh", "fish"].map((shell) => ({
    name: shell,
    neededBy: "tests of the completion it reads",
    find: async () => onPath(shell),
    packages: [shell],
  })),
  ...PYTHON_TOOLS.map((tool) => ({
    name: tool,
    neededBy: "tests of what is delivered beside the code",
    find: () => findPythonTool(tool),
    packages: ["python3", "python3-pip"],
    finish: () => installPythonTool(tool),
  })),
];

/** `mongod`, or FerretDB as it was built before, or a Go that can build it. */
async function findMongo(): Promise<string | null> {
  const served = onPath("mongod") ?? (await builtFerretdb());
  if (served !== null) return served;
  const go = onPath("go");
  return go !== null && (await goMinor(go)) >= OLDEST_GO_MINOR ? go : null;
}

async function goMinor(go: string): Promise<number> {
  const version = await startProcess(go, ["version"]);
  await version.exited;
  return Number(/go1\.(\d+)/.exec(version.stdout)?.[1] ?? 0);
}
