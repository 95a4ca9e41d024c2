import type { Invocation } from "../command.ts";
import { readConfig } from "../config.ts";
import { examine } from "../doctor/examine.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { choiceFlag, textFlag } from "../flags.ts";
import { doctorJson, doctorTable, skippedWords } from "../output/doctor-report.ts";
import { choosePlaces } from "../source/place.ts";

/** `presence-cli doctor` */
export async function runDoctor({ flags, io }: Invocation): Promise<ExitCode> {
  const format = choiceFlag(flags, "format", ["table", "json"]);
  const channel = textFlag(flags, "channel") ?? "site";
  const config = readConfig(io.env);
  const places = choosePlaces(flags, config);
  const found = await examine({ places, config, channel, io, steadyMs: () => performance.now() });
  if (format === "json") await io.stdout.write(doctorJson(found, io.nowMs()));
  else {
    await io.stdout.write(doctorTable(found, io.stdout.hasColors));
    await io.stderr.write(skippedWords(found));
  }
  return found.checks.some(({ state }) => state === "fail") ? EXIT.failed : EXIT.done;
}
