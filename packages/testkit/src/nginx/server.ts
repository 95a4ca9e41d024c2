import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { onPath } from "../process/on-path.ts";
import { scratchFolder } from "../process/scratch.ts";
import { startProcess, type TestProcess } from "../process/start-process.ts";

/** Looks for nginx. */
export function findNginx(): string | null {
  return onPath("nginx") ?? (existsSync("/usr/sbin/nginx") ? "/usr/sbin/nginx" : null);
}

/** Where nginx is, or `null`. */
export const NGINX: string | null = findNginx();

/** A running nginx. */
export interface Nginx extends AsyncDisposable {
  readonly process: TestProcess;
  readonly port: number;
  /** A folder of its own; relative paths of its settings begin there. */
  readonly folder: string;
}

/** Starts nginx with what a document says belongs into `http`, and waits until it listens on `port`. */
export async function startNginx(settings: string, port: number): Promise<Nginx> {
  if (NGINX === null) throw new Error("nginx is not installed");
  const { path: folder, remove } = await scratchFolder("nginx");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  await writeFile(
    join(folder, "nginx.conf"),
    [
      "daemon off;",
      "worker_processes 1;",
      "pid nginx.pid;",
      "error_log stderr warn;",
      "events { worker_connections 4096; }",
      "http {",
      "access_log off;",
      ...temporary.map((name) => `${name}_temp_path ${name};`),
      settings,
      "}",
    ].join("\n"),
  );
  const started = await startProcess(NGINX, ["-p", folder, "-e", "stderr", "-c", "nginx.conf"], {
    ready: (process) => process.isRunning && isListening(port),
  });
  return {
    process: started,
    port,
    folder,
    async [Symbol.asyncDispose]() {
      await started.stop();
      await remove();
    },
  };
}

/** Whether somebody takes connections on a port of this machine. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
