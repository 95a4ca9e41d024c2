import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type AuditException, readAudit } from "./support/audit.ts";
import { ROOT } from "./support/root.ts";

// `npx pnpm@12 audit:prod`: what is known against the packages that a service runs. 0: nothing, or nothing that
// `.ci/audit-exceptions.json` does not bear until a day; 1: findings; 75: the registry does not answer such a question.
const COULD_NOT_BE_TRIED = 75;

const { values } = parseArgs({
  options: {
    registry: { type: "string" },
    exceptions: { type: "string", default: join(ROOT, ".ci/audit-exceptions.json") },
  },
});
const registry = values.registry === undefined ? [] : ["--registry", values.registry];
const audit = spawnSync("npx", ["-y", "pnpm@12", "audit", "--prod", "--json", ...registry], {
  cwd: ROOT,
  encoding: "utf8",
});
const exceptions = JSON.parse(readFileSync(values.exceptions, "utf8")) as readonly AuditException[];
const outcome = readAudit(audit, exceptions, new Date().toISOString().slice(0, 10));

if (outcome.kind === "unanswered") {
  process.stdout.write(`audit: nobody could be asked: ${outcome.reason}\n`);
  process.exitCode = COULD_NOT_BE_TRIED;
} else {
  const { packages, findings, excepted, idle } = outcome;
  for (const { advisory, until } of idle)
    process.stdout.write(`audit: the exception for ${advisory} until ${until} holds for nothing any more\n`);
  for (const { advisory, severity, title, package: name, versions } of [...excepted, ...findings]) {
    const how = findings.some((finding) => finding.advisory === advisory) ? "FOUND" : "borne";
    process.stdout.write(
      `audit: ${how} ${advisory} (${severity}) in ${name} ${versions.join(", ")}: ${title}\n`,
    );
  }
  process.stdout.write(
    `audit: ${packages} packages, ${findings.length} findings, ${excepted.length} borne\n`,
  );
  process.exitCode = findings.length === 0 ? 0 : 1;
}
