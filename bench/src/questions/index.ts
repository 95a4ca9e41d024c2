import type { Question } from "../harness/question.ts";
import { bulk } from "./bulk.ts";
import { channels } from "./channels.ts";
import { count } from "./count.ts";
import { generator } from "./generator.ts";
import { http, sightings } from "./http.ts";
import { memory } from "./memory.ts";
import { prune } from "./prune.ts";
import { recordLog } from "./record-log.ts";
import { recording } from "./recording.ts";
import { redisCost } from "./redis-cost.ts";
import { replayLarge } from "./replay-large.ts";
import { replay } from "./replay.ts";
import { scale } from "./scale.ts";
import { shards } from "./shards.ts";
import { slowRedis } from "./slow-redis.ts";
import { start } from "./start.ts";
import { streams } from "./streams.ts";
import { throughput } from "./throughput.ts";
import { writers } from "./writers.ts";

/** Every question, in the order of the report. */
export const QUESTIONS: readonly Question[] = [
  recording,
  slowRedis,
  throughput,
  redisCost,
  bulk,
  sightings,
  count,
  http,
  memory,
  prune,
  streams,
  channels,
  shards,
  writers,
  recordLog,
  replay,
  replayLarge,
  scale,
  start,
  generator,
];
