#!/usr/bin/env node
import * as nodeModule from "node:module";
import v8 from "node:v8";

const OLDEST_NODE = 22;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(`presence-cli needs Node ${OLDEST_NODE} or later; this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  // Most of a short command's time is reading its own code; the second run finds it compiled.
  nodeModule.enableCompileCache?.();
  // It has ended before its garbage is worth looking for: from 1 MB on, Node would look six times during a count.
  // What reads logs runs for longer, and is to stay small.
  if (!["record", "replay"].includes(process.argv[2] ?? "")) {
    v8.setFlagsFromString("--min-semi-space-size=16");
    v8.setFlagsFromString("--semi-space-growth-factor=16");
  }
  await import("../dist/main.js");
}
