#!/usr/bin/env node
import * as nodeModule from "node:module";

const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(`presence-server needs Node ${OLDEST_NODE} or later; this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  nodeModule.enableCompileCache();
  await import("../dist/main.js");
}
