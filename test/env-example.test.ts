import { KNOWN_VARIABLE_NAMES } from "@presence/service-kit";
import { describe, expect, it } from "vitest";
import { loadApiConfig } from "../apps/api/src/config.ts";
import { readConfig } from "../apps/cli/src/config.ts";
import { loadSchedulerConfig } from "../apps/scheduler/src/config.ts";
import { exampleVariables, type ExampleVariable } from "./support/env-example.ts";
import { read } from "./support/repository.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Load = (env: Environment) => unknown;

/** What the scheduler cannot do without, and the API takes together only. */
const SERVERS = { REDIS_URL: "redis://127.0.0.1:6379/0", MONGODB_URL: "mongodb://127.0.0.1:27017/presence" };

const variables = exampleVariables();

describe(".env.example", () => {
  it("names every variable that a program reads or knows, each once, and no other", () => {
    const names = new Set([
      ...namesRead(loadApiConfig),
      ...namesRead(loadSchedulerConfig, SERVERS),
      ...namesRead(readConfig),
      ...KNOWN_VARIABLE_NAMES,
    ]);
    expect(variables.map(({ name }) => name).toSorted(byName)).toEqual([...names].toSorted(byName));
  });

  it("sets nothing by itself and says what each variable is for", () => {
    expect(read(".env.example")).not.toMatch(/^[^#\n]/m);
    expect(variables.filter(({ words }) => words.length < 20)).toEqual([]);
  });

  it("shows the API's own defaults, and says where there is none", () => {
    expect(falseDefaults(loadApiConfig, {}, ["MONGODB_URL"])).toEqual([]);
    expect(falseDefaults(loadApiConfig, SERVERS, ["REDIS_URL", "MONGODB_URL"])).toEqual([]);
  });

  it("shows the scheduler's own defaults, and the one that differs in words", () => {
    expect(falseDefaults(loadSchedulerConfig, SERVERS, [...Object.keys(SERVERS), "PORT"])).toEqual([]);
    const port = variables.find(({ name }) => name === "PORT");
    expect(port?.words).toContain(`its default is ${loadSchedulerConfig(SERVERS).port}`);
  });

  it("shows values that presence-cli takes", () => {
    const all = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
    expect(readConfig(all)).toMatchObject({ url: "http://localhost:3000", windowSeconds: 60 });
  });
});

/** The variables whose example is no default though none is said to be missing, or the other way round. */
function falseDefaults(load: Load, base: Environment, except: readonly string[]): readonly ExampleVariable[] {
  const names = namesRead(load, base).filter((name) => !except.includes(name));
  const byDefault = JSON.stringify(load(base));
  return variables
    .filter(({ name }) => names.includes(name))
    .filter(({ name, value, isUnset }) => {
      const isDefault = JSON.stringify(load({ ...base, [name]: value })) === byDefault;
      return isDefault === isUnset;
    });
}

function namesRead(load: Load, base: Environment = {}): readonly string[] {
  const names = new Set<string>();
  load(
    new Proxy(base, {
      get(target, name) {
        names.add(String(name));
        return Reflect.get(target, name);
      },
    }),
  );
  return [...names];
}

function byName(one: string, other: string): number {
  return one < other ? -1 : 1;
}
