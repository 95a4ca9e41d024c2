import { closeOnSignal, createLogger } from "@presence/service-kit";

const mode = process.argv[2];
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const never = new Promise(() => {});

closeOnSignal({
  logger: createLogger({ name: "closing" }),
  deadlineMs: mode === "slow" ? 50 : 10_000,
  cleanups: [
    { name: "do the first", run: () => say("cleanup first") },
    {
      name: "do the second",
      run: () => {
        if (mode === "hanging" || mode === "slow") {
          say("hanging");
          return never;
        }
        throw new Error("no");
      },
    },
    { name: "do the third", run: () => say("cleanup third") },
  ],
});
setInterval(() => {}, 1_000);
say("started");
if (mode === "throwing") {
  setImmediate(() => {
    throw new Error("a mistake");
  });
}
