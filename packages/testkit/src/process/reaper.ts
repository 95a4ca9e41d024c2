import { spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { Socket } from "node:net";

/*
 * A shell that outlives this process by a moment: it is told of every process group and folder we make, and ends
 * and removes what is left when our end of its input closes, however we ended (SIGKILL included).
 */
const SCRIPT = `
trap '' INT TERM HUP
groups='' folders=''
while read -r verb what; do
  case "$verb" in
    group) groups="$groups $what " ;;
    ended) groups=$(printf '%s' "$groups" | sed "s/ $what / /g") ;;
    folder) folders="$folders
$what" ;;
  esac
done
for group in $groups; do kill -9 "-$group" 2>/dev/null; done
printf '%s\\n' "$folders" | while read -r folder; do
  [ -n "$folder" ] && rm -rf -- "$folder"
done
`;

let reaper: Writable | null = null;

function tell(line: string): void {
  reaper ??= startReaper();
  reaper.write(`${line}\n`);
}

function startReaper(): Writable {
  // Its own session: a Ctrl-C for the tests must not end it before it has done its work.
  const child = spawn("/bin/sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child.stdin;
}

/** Sees to it that the process group does not outlive this process. */
export function reapGroup(groupId: number): void {
  tell(`group ${groupId}`);
}

/** The process group is gone: its number may soon be somebody else's. */
export function forgetGroup(groupId: number): void {
  tell(`ended ${groupId}`);
}

/** Sees to it that the folder does not outlive this process. */
export function reapFolder(path: string): void {
  tell(`folder ${path}`);
}
