import { aptInstall } from "./debian.ts";
import type { NeededThing } from "./things.ts";

/** What became of one thing: where it is, or why it is not there. */
export type Provisioned =
  | { readonly name: string; readonly state: "found" | "installed"; readonly where: string }
  | { readonly name: string; readonly state: "missing"; readonly why: string; readonly neededBy: string };

/** Sees to each thing in turn: found, else installed where that needs nobody's word, else missing. */
export async function provision(
  things: readonly NeededThing[],
  onEach: (thing: Provisioned) => void,
  install: (packages: readonly string[]) => Promise<string | null> = aptInstall,
): Promise<readonly Provisioned[]> {
  const results: Provisioned[] = [];
  for (const thing of things) {
    const result = await provisionOne(thing, install).catch((error: unknown) =>
      missing(thing, String(error)),
    );
    results.push(result);
    onEach(result);
  }
  return results;
}

async function provisionOne(
  thing: NeededThing,
  install: (packages: readonly string[]) => Promise<string | null>,
): Promise<Provisioned> {
  const found = await thing.find();
  if (found !== null) return { name: thing.name, state: "found", where: await finish(thing, found) };
  const obstacle = await install(thing.packages);
  if (obstacle !== null) return missing(thing, obstacle);
  const installed = await thing.find();
  if (installed === null)
    return missing(thing, `${thing.packages.join(" ")} did not bring it, or too old a one`);
  return { name: thing.name, state: "installed", where: await finish(thing, installed) };
}

function missing({ name, neededBy }: NeededThing, why: string): Provisioned {
  return { name, state: "missing", why, neededBy };
}

async function finish(thing: NeededThing, where: string): Promise<string> {
  return thing.finish === undefined ? where : thing.finish();
}

/** One line for a person. */
export function provisionedLine(thing: Provisioned): string {
  return thing.state === "missing"
    ? `missing    ${thing.name}: ${thing.why}. Needed by ${thing.neededBy}.`
    : `${thing.state.padEnd(10)} ${thing.name}: ${thing.where}`;
}
