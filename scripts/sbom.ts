import { spawnSync } from "node:child_process";
import { ROOT } from "./support/root.ts";

// `npx pnpm@12 sbom:prod [--out FILE]`: the packages that a service runs, with versions and licences, as CycloneDX.
const args = ["-y", "pnpm@12", "sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--prod"];
const { status } = spawnSync("npx", [...args, ...process.argv.slice(2)], { cwd: ROOT, stdio: "inherit" });
process.exitCode = status ?? 1;
