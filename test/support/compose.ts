import { parse } from "yaml";
import { read } from "./repository.ts";

/** The part of a service of the compose file that tests look at. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
}

/** The services of `docker-compose.yml`. */
export function composeServices(): Readonly<Record<"redis" | "mongo" | "api" | "scheduler", ComposeService>> {
  return (parse(read("docker-compose.yml")) as { services: ReturnType<typeof composeServices> }).services;
}
