/** Where a service stands between its start and its end. */
export type HealthPhase = "starting" | "ready" | "draining";

/** What probes ask: set by the service's own start and end, never by the state of what it depends on. */
export interface Health {
  readonly phase: HealthPhase;
  /** Configured and listening. Has no effect once draining. */
  markReady(): void;
  /** Going down: balancers should send nothing new. */
  markDraining(): void;
}

/** The state behind `/live` and `/ready`. */
export function createHealth(): Health {
  let phase: HealthPhase = "starting";
  return {
    get phase() {
      return phase;
    },
    markReady() {
      if (phase === "starting") phase = "ready";
    },
    markDraining() {
      phase = "draining";
    },
  };
}
