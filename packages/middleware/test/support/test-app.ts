import type { PresenceHandle, PresenceOptions } from "../../src/types.ts";

/** The options of an application under test; its callbacks are given the path, whatever the framework hands over. */
export type TestOptions = PresenceOptions<string>;

/** A real application of a framework, over real HTTP. */
export interface TestApp {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** `null` for the bare application. */
  readonly online: PresenceHandle | null;
  /** Ends the server as the framework has it ended. */
  stop(): Promise<void>;
}

/**
 * Starts an application with the same routes in every framework: `GET /` a text, `GET /json`, `POST /echo` its
 * body, `GET /stream` in chunks, `GET /fail` an error; others are not found.
 */
export type StartApp = (options: TestOptions | null) => Promise<TestApp>;

export const HELLO = "hello";
export const JSON_ANSWER = { visitors: "many" };
export const CHUNKS: readonly string[] = ["one ", "two ", "three"];
