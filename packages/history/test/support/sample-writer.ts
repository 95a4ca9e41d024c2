import { openSqliteHistoryStore } from "../../src/sqlite.ts";

/*
 * Adds sample after sample, the i-th with count i and ten seconds after the one before, and prints each index once
 * it is kept. Arguments: file, time of index 0, first index, distance of indices, and how many (0: until killed).
 */
const [path = "", startMs, first, stride, times] = process.argv.slice(2);
const history = await openSqliteHistoryStore({ path });
const total = Number(times) === 0 ? Infinity : Number(times);
for (let added = 0; added < total; added += 1) {
  const index = Number(first) + added * Number(stride);
  await history.addSample({ channel: "site", count: index, atMs: Number(startMs) + index * 10_000 });
  await told(`${index}\n`);
}
await history.close();

/** Prints, and waits until the system has it: a reader that is slow would else know of less than is kept. */
async function told(text: string): Promise<void> {
  await new Promise((resolve) => process.stdout.write(text, resolve));
}
