import type { Job, JobRun, Jobs } from "@presence/api-contract";
import type { Invocation } from "../command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { choiceFlag, textFlag } from "../flags.ts";
import { jsonLine } from "../output/json.ts";
import { resultWords } from "../output/job-words.ts";
import { safeText } from "../output/safe-text.ts";
import { renderTable } from "../output/table.ts";
import { duration } from "../output/words.ts";
import { openOperations } from "../source/open-operations.ts";

/** `presence-cli jobs` */
export async function runJobs({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json"]);
  const channel = textFlag(flags, "channel");
  const source = await openOperations(flags, io);
  try {
    const answer = await source.jobs();
    await io.stdout.write(format === "json" ? jsonLine(answer) : table(answer));
    if (format === "table") await io.stderr.write(footer(answer));
    if (channel !== undefined)
      await io.stderr.write("Jobs are for all channels: --channel changes nothing.\n");
    return EXIT.done;
  } finally {
    await source.close();
  }
}

function table({ jobs, asOf }: Jobs): string {
  const asOfMs = Date.parse(asOf);
  const right = "right";
  const columns = [
    { title: "Job" },
    { title: "Last run", align: right },
    { title: "Took", align: right },
    { title: "What it did" },
    { title: "Next run", align: right },
  ] as const;
  return renderTable(
    columns,
    jobs.map((job) => [
      safeText(job.name),
      job.lastRun === null ? "never" : ago(job.lastRun.at, asOfMs),
      job.lastRun === null ? "" : `${job.lastRun.elapsedMs} ms`,
      job.lastRun === null ? "" : whatItDid(job, job.lastRun, asOfMs),
      job.nextRunAt === null ? "-" : `in ${duration(Math.max(0, Date.parse(job.nextRunAt) - asOfMs))}`,
    ]),
  );
}

function whatItDid({ lastSuccessAt }: Job, run: JobRun, asOfMs: number): string {
  if (run.ok) return safeText(resultWords(run.result));
  const success = lastSuccessAt === null ? "never went well" : `went well ${ago(lastSuccessAt, asOfMs)}`;
  return `FAILED: ${safeText(run.error)} (${success})`;
}

function ago(instant: string, asOfMs: number): string {
  return `${duration(Math.max(0, asOfMs - Date.parse(instant)))} ago`;
}

function footer({ runner, jobs }: Jobs): string {
  const names = [...new Set(jobs.flatMap(({ lastRun }) => (lastRun === null ? [] : [safeText(lastRun.by)])))];
  const by = names.length === 0 ? "" : ` The last runs were by ${names.join(", ")}.`;
  switch (runner) {
    case "in-process":
      return `The API processes run the jobs.${by}\n`;
    case "scheduler":
      return `The scheduler runs the jobs.${by}\n`;
    case "off":
      return `Nobody runs the jobs: start the scheduler, or an API with PRESENCE_JOBS=in-process.${by}\n`;
  }
}
