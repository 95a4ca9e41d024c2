import type { Diagnostics, Jobs, Readiness } from "@presence/api-contract";
import { type PresenceClient, PresenceClientError } from "@presence/client";
import { safeText } from "../output/safe-text.ts";
import { duration } from "../output/words.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { checkJobs } from "./job-checks.ts";

/** How an API is asked. */
export interface ApiToCheck {
  readonly name: string;
  readonly client: PresenceClient;
  /** A steady clock, in milliseconds. */
  readonly steadyMs: () => number;
  /** Whether it is asked about the jobs too: a Redis itself knows more. */
  readonly withJobs: boolean;
}

/** What came of asking an API. */
export interface CheckedApi {
  /** Whether a Presence API answers there. */
  readonly isThere: boolean;
  readonly checks: readonly Check[];
  /** What it knows of itself; `null` where it does not say so to us. */
  readonly diagnostics: Diagnostics | null;
}

/** Whether an API answers and is well. Its findings are a matter of their own: see `checkFindings`. */
export async function checkApi({ name, client, steadyMs, withJobs }: ApiToCheck): Promise<CheckedApi> {
  // The first question pays for the connection.
  const alive = await answerOf(client.live());
  if (alive instanceof PresenceClientError) return notThere(alive);
  const startedMs = steadyMs();
  let answeredMs = startedMs;
  const [readiness, diagnostics, jobs] = await Promise.all([
    answerOf(client.ready().finally(() => (answeredMs = steadyMs()))),
    answerOf(client.diagnostics()),
    withJobs ? answerOf(client.jobs()) : null,
  ]);
  if (readiness instanceof PresenceClientError) return notThere(readiness);
  const known = diagnostics instanceof PresenceClientError ? null : diagnostics;
  return {
    isThere: true,
    diagnostics: known,
    checks: [
      ...checkReadiness(readiness, { name, known, elapsedMs: answeredMs - startedMs }),
      ...(diagnostics instanceof PresenceClientError ? [refused("findings", diagnostics)] : []),
      ...checkJobsOf(jobs, known),
    ],
  };
}

function notThere(error: PresenceClientError): CheckedApi {
  return { isThere: false, checks: [unreachable(error)], diagnostics: null };
}

async function answerOf<Answer>(asking: Promise<Answer>): Promise<Answer | PresenceClientError> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof PresenceClientError) return error;
    throw error;
  }
}

function unreachable({ message }: PresenceClientError): Check {
  return fail(
    "api",
    message,
    "does the API run, is the address right (--url, PRESENCE_URL), does a firewall or a proxy stand between?",
  );
}

interface Answered {
  readonly name: string;
  readonly known: Diagnostics | null;
  readonly elapsedMs: number;
}

function checkReadiness(
  { status, store }: Readiness,
  { name, known, elapsedMs }: Answered,
): readonly Check[] {
  const facts = [`${name} answers in ${elapsedMs.toFixed(1)} ms`];
  if (known !== null) {
    const { version, mode, startedAt } = known.instance;
    const upMs = Date.parse(known.asOf) - Date.parse(startedAt);
    facts.push(safeText(version), mode, `up ${duration(Math.max(0, upMs))}`);
  }
  const answers = facts.join(", ");
  return [
    status === "ready"
      ? ok("api", answers)
      : warn("api", `${answers}: it is shutting down`, "ask again, or another process of it"),
    store === "ok"
      ? ok("store", "the API reaches its store")
      : fail(
          "store",
          "the API has lost its store: counts are old, visits wait",
          "see the lines about redis; where they are well, compare REDIS_URL there and here, and the network between",
        ),
  ];
}

function checkJobsOf(jobs: Jobs | PresenceClientError | null, known: Diagnostics | null): readonly Check[] {
  // Where the findings were refused, so were the jobs, for the same reason.
  if (jobs === null || known === null) return [];
  if (jobs instanceof PresenceClientError) return [refused("jobs", jobs)];
  const { since } = known.store;
  return checkJobs({
    jobs,
    recordedMs: since === null ? null : Date.parse(known.asOf) - Date.parse(since),
    expired: null,
    hasScheduler: jobs.runner === "scheduler" || known.instance.mode === "redis+mongodb",
  });
}

/** A question the API does not answer this caller. */
function refused(name: string, { status, problem, message }: PresenceClientError): Check {
  switch (status) {
    case 401:
    case 403:
      return warn(
        name,
        `the API tells its ${name} to admins only: ${problem?.detail ?? `it answers ${status}`}`,
        "give one of PRESENCE_ADMIN_TOKENS with --token or PRESENCE_TOKEN",
      );
    case 404:
      return warn(name, `the API has no ${name} to tell`, "bring it to the version of this program");
    default:
      return warn(name, message, "see the log of the API");
  }
}
