#!/usr/bin/env node
"use strict";

const { argv, env, stderr, versions } = process;

const OLDEST_NODE = 22;

/** What the client of Redis needs of Node. */
const BUILT_INS = ["dns", "net", "perf_hooks", "timers/promises", "tty", "url", "util"];

if (Number.parseInt(versions.node, 10) < OLDEST_NODE) {
  stderr.write(`presence-cli needs Node ${OLDEST_NODE} or later; this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  // Most of a short command's time is reading its own code; the second run finds it compiled.
  require("node:module").enableCompileCache?.();
  // What reads logs runs for longer, and is to stay small.
  if (asksRedis() && !["record", "replay"].includes(argv[2])) growAtOnce();
  // oxlint-disable-next-line import/no-unassigned-import
  require("../dist/main.cjs");
}

function asksRedis() {
  return Boolean(env.REDIS_URL) || argv.some((word) => word.startsWith("--redis-url"));
}

/** It has ended before its garbage is worth looking for: from 1 MB on, Node would look six times during a count. */
function growAtOnce() {
  // Node carries its own code compiled, and does not use that any more once a flag is set: first the code.
  for (const name of BUILT_INS) require(`node:${name}`);
  const v8 = require("node:v8");
  v8.setFlagsFromString("--min-semi-space-size=16");
  v8.setFlagsFromString("--semi-space-growth-factor=16");
}
