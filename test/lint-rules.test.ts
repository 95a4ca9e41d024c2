import { expect, it } from "vitest";
import { lintPlanted } from "./support/planted.ts";
import { files, read } from "./support/repository.ts";

const PLANTED: readonly (readonly [rule: string, file: string, text: string])[] = [
  ["no-restricted-properties", "packages/jobs/src/env.ts", "export const a = process.env;\n"],
  ["no-restricted-properties", "packages/jobs/src/taken-apart.ts", "export const { env } = process;\n"],
  ["no-restricted-imports", "packages/jobs/src/imported.ts", 'export { env } from "node:process";\n'],
  ["no-restricted-properties", "apps/api/src/env.ts", 'export const a = process.env["PORT"];\n'],
  ["no-restricted-properties", "apps/api/src/exit.ts", "export const a = () => process.exit(1);\n"],
  ["no-restricted-properties", "packages/jobs/src/now.ts", "export const a = () => Date.now();\n"],
  ["no-console", "apps/cli/src/commands/count.ts", "console.log(1);\n"],
  ["no-default-export", "packages/jobs/src/default.ts", "export default 1;\n"],
  ["no-explicit-any", "packages/jobs/src/any.ts", "export const a = (b: any) => b;\n"],
  ["no-non-null-assertion", "packages/jobs/src/sure.ts", "export const a = (b: string | null) => b!;\n"],
  ["no-disabled-tests", "packages/jobs/test/off.test.ts", skipped("it.skip")],
  ["no-focused-tests", "packages/jobs/test/only.test.ts", skipped("it.only")],
];

it("refuses what the house style refuses, each where it must not be", async () => {
  const complaints = await lintPlanted(Object.fromEntries(PLANTED.map(([, file, text]) => [file, text])));
  const unseen = PLANTED.filter(
    ([rule, file]) => !complaints.some((complaint) => complaint.rule === rule && complaint.file === file),
  );
  expect(unseen.map(([rule, file]) => `${rule} in ${file}`)).toEqual([]);
});

it("lets settings, the clock and output be where they belong", async () => {
  const complaints = await lintPlanted({
    "apps/api/src/main.ts": "process.exitCode = process.env === null ? 1 : 0;\nprocess.exit();\n",
    "packages/jobs/src/clock.ts": "export const a = () => Date.now();\n",
    "packages/jobs/vitest.config.ts": "export default {};\n",
  });
  expect(complaints).toEqual([]);
});

it("reads the clock by no other door: `new Date()` stands nowhere in the sources", () => {
  const sources = files(["packages/*/src/**/*.ts", "apps/*/src/**/*.{ts,vue}"]);
  const readers = sources.filter((file) => !/clock\.ts$|^packages\/testkit/.test(file));
  expect(readers.filter((file) => /new Date\(\)/.test(read(file)))).toEqual([]);
});

it("has neither enums nor namespaces: TypeScript itself refuses them", () => {
  expect(JSON.parse(read("tsconfig.base.json"))).toMatchObject({
    compilerOptions: { strict: true, erasableSyntaxOnly: true, noUncheckedIndexedAccess: true },
  });
});

function skipped(how: string): string {
  return `import { expect, it } from "vitest";\n${how}("is", () => expect(1).toBe(1));\n`;
}
