import type { Server } from "node:http";

/** Where a server is to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The variable that sets the port, for a message to the owner. @default PORT */
  readonly portVariable?: string;
}

/** Why a server could not listen, in a sentence for a person. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** @throws {ListenError} when the address cannot be had. */
export function listen(server: Server, options: ListenOptions): Promise<void> {
  const { host, port } = options;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new ListenError(whyNot(error, options), { cause: error })),
    );
    server.listen({ host, port, backlog: 4_096 }, resolve);
  });
}

function whyNot(
  { code, message }: NodeJS.ErrnoException,
  { host, port, portVariable = "PORT" }: ListenOptions,
): string {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} of ${host} is in use. Stop the program that has it, or set ${portVariable} to another one.`;
    case "EACCES":
      return `Port ${port} of ${host} may not be used by this user. Set ${portVariable} to one above 1023.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 for all of them.`;
    default:
      return `Could not listen on port ${port} of ${host}: ${message}`;
  }
}
