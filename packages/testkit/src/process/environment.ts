/** Variables for a child; `undefined` takes one out. */
export type ChildEnvironment = Readonly<Record<string, string | undefined>>;

const CONFIGURES_PRESENCE =
  /^(?:PRESENCE_.*|REDIS_URL|MONGODB_URL|HOST|PORT|LOG_LEVEL|NO_COLOR|FORCE_COLOR)$/;

/** One variable of the environment the tests run in; an empty one counts as unset. */
export function testEnvironment(name: "REDIS_URL" | "MONGODB_URL" | "CI"): string | null {
  const value = process.env[name]?.trim() ?? "";
  return value === "" ? null : value;
}

/** This process's environment without what configures Presence, and `added` on top. */
export function childEnvironment(added: ChildEnvironment = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !CONFIGURES_PRESENCE.test(name));
  return { ...Object.fromEntries(inherited), ...added };
}
