export { loadSchedulerConfig, type SchedulerConfig } from "./config.ts";
export { ListenError } from "./probe-server.ts";
export {
  MongoUnreachableError,
  startScheduler,
  type SchedulerOptions,
  type SchedulerTimes,
  type StartedScheduler,
} from "./scheduler.ts";
export type { Tallied } from "./tally.ts";
