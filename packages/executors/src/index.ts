/** @packageDocumentation Executors built into the agent: pure state machines it drives. */
export {
  CommandExecutor,
  type CommandExecutorAction,
  type CommandExecutorInput,
  type CommandExecutorOptions,
  type CommandMemory,
  type CommandTaskStatus,
  DEFAULT_KILL_GRACE_MS,
  OVERDUE_GRACE_MS,
  SHUTDOWN_MARGIN_MS,
} from './command-executor.ts';
