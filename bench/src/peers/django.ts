import { join } from "node:path";
import { pythonPackages } from "@presence/testkit";
import { bringPeer } from "../harness/missing-peer.ts";

const FOLDER = join(import.meta.dirname, "../../peers/django");

/** What the original runs on. */
const PACKAGES = ["Django==5.2.19", "gunicorn==27.0.1", "redis==8.1.0"];

/** How gunicorn is started in the folder of the application. */
export async function djangoCommand() {
  const folder = await bringPeer("Django", () => pythonPackages("bench-django", PACKAGES));
  return {
    command: "python3",
    args: ["-m", "gunicorn", "--log-level", "error"],
    env: { PYTHONPATH: folder },
    cwd: FOLDER,
  };
}
