import { inject, type InjectionKey } from "vue";
import type { Api } from "../api/client.ts";

/** Where the app keeps its {@link Api}. */
export const API_KEY: InjectionKey<Api> = Symbol("api");

/** The server this page came from. */
export function useApi(): Api {
  return needed(inject(API_KEY), "api");
}

/** What was provided; a missing one is a mistake in `main.ts`. */
export function needed<Thing>(thing: Thing | undefined, name: string): Thing {
  if (thing === undefined) throw new Error(`The app provides no ${name}.`);
  return thing;
}
