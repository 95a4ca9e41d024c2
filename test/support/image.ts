import { chmod, chown, copyFile, readdir, readlink } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { scratchFolder, startProcess, type ProcessOptions, type TestProcess } from "@presence/testkit";
import { run } from "./programs.ts";
import { read, ROOT } from "./repository.ts";

/** What a Dockerfile says of the image it makes. */
export interface Dockerfile {
  /** The line that gathers the image's content, with the folder to put it in at the end. */
  readonly deploy: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly user: string;
  readonly nodeVersion: string;
}

/** Nobody in particular: what the `node` user is in an image. */
const NOBODY = 65_534;

/** Reads a Dockerfile of two stages: one that builds, one that is the image. */
export function readDockerfile(path: string): Dockerfile {
  const text = read(path);
  const image = text.slice(text.lastIndexOf("\nFROM "));
  const last = (pattern: RegExp, from = image): string => {
    const found = pattern.exec(from)?.[1];
    if (found === undefined) throw new Error(`${path} has no ${pattern}`);
    return found;
  };
  return {
    deploy: last(/^RUN pnpm (.* deploy .*)$/m, text).split(" "),
    command: JSON.parse(last(/^CMD (.*)$/m)) as readonly string[],
    env: Object.fromEntries(
      last(/^ENV (.*)$/m)
        .split(" ")
        .map((pair) => pair.split("=") as [string, string]),
    ),
    port: Number(last(/^EXPOSE (\d+)$/m)),
    user: last(/^USER (\S+)$/m),
    nodeVersion: last(/^ARG NODE_VERSION=(\S+)$/m, text),
  };
}

/** What an image holds, in a folder, and a place it may write to. */
export interface ImageContent extends AsyncDisposable {
  readonly folder: string;
  /** The only folder its process may write to. */
  readonly dataFolder: string;
  /** Starts `command` in it as an image's process is: an unprivileged user, and nothing that can be written to. */
  start(command: readonly string[], options: ProcessOptions): Promise<TestProcess & AsyncDisposable>;
}

/** Gathers an image's content by its Dockerfile's own line, in an empty folder. */
export async function imageContent({ deploy }: Dockerfile): Promise<ImageContent> {
  const { path, remove } = await scratchFolder("image");
  const [folder, dataFolder, node] = ["app", "data", "node"].map((name) => join(path, name)) as [
    string,
    string,
    string,
  ];
  const gathered = await run("npx", ["-y", "pnpm@12", ...deploy.slice(0, -1), folder], { cwd: ROOT });
  if (gathered.code !== 0) throw new Error(`${gathered.stdout}${gathered.stderr}`);
  await run("mkdir", [dataFolder]);
  if (process.getuid?.() === 0) await chown(dataFolder, NOBODY, NOBODY);
  // Whoever runs in it must be able to reach it, and the Node it runs on.
  await chmod(path, 0o755);
  await copyFile(process.execPath, node);
  return {
    folder,
    dataFolder,
    start([, ...args], options) {
      const [program, ...confined] = confinement({ folder, dataFolder }, [node, ...args]);
      return startProcess(program ?? node, confined, { ...options, cwd: folder });
    },
    [Symbol.asyncDispose]: remove,
  };
}

/** Links in a folder that lead out of it. */
export async function linksThatLeave(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const links = entries.filter((entry) => entry.isSymbolicLink());
  const targets = await Promise.all(
    links.map(async ({ parentPath, name }) => {
      const link = join(parentPath, name);
      return { link, target: resolve(dirname(link), await readlink(link)) };
    }),
  );
  return targets
    .filter(({ target }) => relative(folder, target).startsWith(".."))
    .map(({ link }) => relative(folder, link));
}

/** A command that runs `command` as nobody on a read-only file system. Whoever is not root can only be itself. */
function confinement(
  { folder, dataFolder }: { readonly folder: string; readonly dataFolder: string },
  command: readonly string[],
): readonly string[] {
  if (process.getuid?.() !== 0) return command;
  const mounts = `mount --bind "$1" "$1" && mount --bind "$2" "$2" && mount -o remount,bind,ro "$1" && mount -o remount,bind,ro /`;
  const user = `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups --no-new-privs --bounding-set=-all`;
  const script = `${mounts} && cd "$1" && shift 2 && exec ${user} -- "$@"`;
  return ["unshare", "--mount", "sh", "-c", script, "sh", folder, dataFolder, ...command];
}
