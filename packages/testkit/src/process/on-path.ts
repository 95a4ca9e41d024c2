import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where `command` is found on the path, or `null`. */
export function onPath(command: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const candidate = join(folder, command);
    if (folder !== "" && isExecutable(candidate)) return candidate;
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
