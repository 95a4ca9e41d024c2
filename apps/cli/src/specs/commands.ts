import type { CommandSpec } from "../command.ts";
import { LOG_COMMANDS } from "./logs.ts";
import { NOW_COMMANDS } from "./now.ts";
import { OPERATE_COMMANDS } from "./operate.ts";
import { PAST_COMMANDS } from "./past.ts";
import { SHARD_COMMANDS } from "./shards.ts";
import { SHELL_COMMANDS } from "./shell.ts";
import { UPKEEP_COMMANDS } from "./upkeep.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  ...NOW_COMMANDS,
  ...PAST_COMMANDS,
  ...UPKEEP_COMMANDS,
  ...LOG_COMMANDS,
  ...OPERATE_COMMANDS,
  ...SHARD_COMMANDS,
  ...SHELL_COMMANDS,
];
