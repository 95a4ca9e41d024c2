export { CONFIG_EXIT_CODE, ConfigError, type ConfigProblem } from "./config/config-error.ts";
export {
  loadVariables,
  type Environment,
  type LoadedVariables,
  type LoadVariablesOptions,
} from "./config/load-variables.ts";
export {
  secretVariable,
  variable,
  type Variable,
  type Variables,
  type VariableValues,
} from "./config/variable.ts";
export {
  checkSharedVariables,
  KNOWN_VARIABLE_NAMES,
  sharedVariables,
  type Identity,
  type LogLevel,
  type SharedValues,
  type SharedVariables,
} from "./config/shared-variables.ts";
export {
  checkedText,
  list,
  oneOf,
  optionalText,
  optionalWholeNumber,
  port,
  text,
  wholeNumber,
} from "./config/schemas.ts";
export {
  channelPatternProblem,
  channelProblem,
  MIN_TOKEN_CHARACTERS,
  mongodbUrlProblem,
  originProblem,
  redisUrlProblem,
  timeZoneProblem,
  tokenProblem,
} from "./config/checks.ts";
export {
  createLogger,
  describeError,
  type DescribedError,
  type Logger,
  type LoggerOptions,
} from "./logger.ts";
export { logLinkEvent } from "./log-link-event.ts";
export { redactSecrets } from "./redact.ts";
export { createHealth, type Health, type HealthPhase } from "./health.ts";
export {
  closeOnSignal,
  runCleanups,
  SHUTDOWN_DEADLINE_MS,
  type Cleanup,
  type CloseOnSignalOptions,
} from "./shutdown.ts";
export {
  startJobRunner,
  type EndedRun,
  type JobRunner,
  type JobRunnerOptions,
  type JobStatus,
  type ScheduledJob,
} from "./job-runner.ts";
