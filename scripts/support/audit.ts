/** A finding that has been looked at and is borne for a while. */
export interface AuditException {
  /** `GHSA-…` */
  readonly advisory: string;
  readonly reason: string;
  /** The last day it holds, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

/** One advisory that holds for an installed version. */
export interface AuditFinding {
  readonly advisory: string;
  readonly severity: string;
  readonly title: string;
  readonly package: string;
  readonly versions: readonly string[];
}

/** What an audit came to. */
export type AuditOutcome =
  /** Nobody could be asked: neither good nor bad. */
  | { readonly kind: "unanswered"; readonly reason: string }
  | {
      readonly kind: "answered";
      readonly packages: number;
      /** Those without an exception that still holds. */
      readonly findings: readonly AuditFinding[];
      readonly excepted: readonly AuditFinding[];
      /** Exceptions that nothing needs, or whose day is over. */
      readonly idle: readonly AuditException[];
    };

/** The part of `pnpm audit --json` that is read here. */
interface AuditReport {
  readonly advisories: Readonly<
    Record<
      string,
      {
        readonly github_advisory_id: string;
        readonly module_name: string;
        readonly severity: string;
        readonly title: string;
        readonly findings: readonly { readonly version: string }[];
      }
    >
  >;
  readonly metadata: { readonly totalDependencies: number };
}

/** Reads what `pnpm audit --json` wrote, against the exceptions that hold `today` (`YYYY-MM-DD`). */
export function readAudit(
  written: { readonly stdout: string; readonly stderr: string },
  exceptions: readonly AuditException[],
  today: string,
): AuditOutcome {
  const report = parseReport(written.stdout);
  if (report === null) return { kind: "unanswered", reason: reasonOf(written.stderr) };
  const all = Object.values(report.advisories).map((found) => ({
    advisory: found.github_advisory_id,
    severity: found.severity,
    title: found.title,
    package: found.module_name,
    versions: [...new Set(found.findings.map(({ version }) => version))],
  }));
  const holding = new Set(exceptions.filter(({ until }) => until >= today).map(({ advisory }) => advisory));
  const found = new Set(all.map(({ advisory }) => advisory));
  return {
    kind: "answered",
    packages: report.metadata.totalDependencies,
    findings: all.filter(({ advisory }) => !holding.has(advisory)),
    excepted: all.filter(({ advisory }) => holding.has(advisory)),
    idle: exceptions.filter(({ advisory }) => !holding.has(advisory) || !found.has(advisory)),
  };
}

function parseReport(text: string): AuditReport | null {
  try {
    const report = JSON.parse(text) as Partial<AuditReport>;
    // An answer without a sum of packages is an error in the shape of JSON.
    return report.advisories === undefined || report.metadata === undefined ? null : (report as AuditReport);
  } catch {
    return null;
  }
}

/** The error in one line: it is drawn with bars and broken over several. */
function reasonOf(stderr: string): string {
  const words = stderr
    .replaceAll(/[│×├╰─▶]/g, " ")
    .split(/\s+/)
    .join(" ")
    .trim();
  return words || "it said nothing";
}
