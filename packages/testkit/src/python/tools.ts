import { madeBefore, madeOnce } from "../process/made-once.ts";
import { onPath } from "../process/on-path.ts";
import { startProcess } from "../process/start-process.ts";

/** A program of the Python package index that tests run. */
export type PythonTool = "check-jsonschema" | "kubernetes-validate" | "schemathesis";

interface PythonPackage {
  readonly version: string;
  /** What `python3 -m` runs. */
  readonly module: string;
}

/** Each at one version, in a folder of its own, so that none disturbs another or the machine's Python. */
const PACKAGES: Readonly<Record<PythonTool, PythonPackage>> = {
  "check-jsonschema": { version: "0.39.0", module: "check_jsonschema" },
  "kubernetes-validate": { version: "1.37.0", module: "kubernetes_validate" },
  schemathesis: { version: "4.32.5", module: "schemathesis.cli" },
};

/** Every one. */
export const PYTHON_TOOLS: readonly PythonTool[] = Object.keys(PACKAGES).map((name) => name as PythonTool);

/** How a program of Python is run: a command, what comes before its own arguments, and added variables. */
export interface PythonCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * How to run a Python tool. It is installed when it is asked for the first time.
 *
 * @example
 * const { command, args, env } = await pythonTool("check-jsonschema");
 * await startProcess(command, [...args, "--version"], { env });
 */
export async function pythonTool(tool: PythonTool): Promise<PythonCommand> {
  const folder = await installPythonTool(tool);
  return { command: "python3", args: ["-m", PACKAGES[tool].module], env: { PYTHONPATH: folder } };
}

/** Where a Python tool is, after installing it where it is not. */
export function installPythonTool(tool: PythonTool): Promise<string> {
  return install(folderName(tool), [`${tool}==${PACKAGES[tool].version}`]);
}

/**
 * A folder for `PYTHONPATH` with packages of the Python package index, each named with its version; installed when
 * it is asked for the first time.
 *
 * @param name - Of the folder; another one for other packages.
 */
export function pythonPackages(name: string, packages: readonly string[]): Promise<string> {
  return install(`python-${name}-${packages.join("-").replace(/[^\w.-]/g, "_")}`, packages);
}

function install(name: string, packages: readonly string[]): Promise<string> {
  return madeOnce(name, async (folder) => {
    const pip = await startProcess("python3", [
      ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"],
      ...["--root-user-action=ignore", "--target", folder, ...packages],
    ]);
    const { code } = await pip.exited;
    if (code !== 0) throw new Error(`pip could not install ${packages.join(" ")}:\n${pip.output}`);
  });
}

/** Where a Python tool is, or the `pip` that can install it, or `null`. */
export async function findPythonTool(tool: PythonTool): Promise<string | null> {
  const installed = await madeBefore(folderName(tool));
  if (installed !== null) return installed;
  const python = onPath("python3");
  if (python === null) return null;
  const pip = await startProcess(python, ["-m", "pip", "--version"]);
  return (await pip.exited).code === 0 ? python : null;
}

function folderName(tool: PythonTool): string {
  return `python-${tool}-${PACKAGES[tool].version}`;
}
