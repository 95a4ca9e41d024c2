import { existsSync } from "node:fs";
import { onPath } from "../process/on-path.ts";
import { startProcess } from "../process/start-process.ts";

let isListFresh = false;

/**
 * Installs Debian packages where that can be done without asking anybody: on Debian, as root. Answers what stood in
 * the way, or `null`.
 */
export async function aptInstall(packages: readonly string[]): Promise<string | null> {
  if (!existsSync("/etc/debian_version") || onPath("apt-get") === null) return "this is not Debian";
  if (process.getuid?.() !== 0) return `only root may: apt-get install ${packages.join(" ")}`;
  const install = ["install", "-y", "--no-install-recommends", ...packages];
  // The lists that came with the machine may name versions that are gone.
  if (isListFresh || (await aptGet(install)) !== null) {
    if (!isListFresh) await aptGet(["update"]);
    isListFresh = true;
    return aptGet(install);
  }
  return null;
}

async function aptGet(args: readonly string[]): Promise<string | null> {
  const apt = await startProcess("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
  const { code } = await apt.exited;
  return code === 0
    ? null
    : `apt-get ${args.join(" ")} failed: ${apt.stderr.trim().split("\n").at(-1) ?? ""}`;
}
