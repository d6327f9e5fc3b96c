/** What was done to a command task, read back from the JSON object the core writes. */
import { err, ok, type Result } from '@mesolite/base';
import type { CommandMemory } from '@mesolite/executors';

/** The error says what is wrong. Nothing comes of nothing. */
export function parseCommandMemory(text: string | undefined): Result<CommandMemory | undefined> {
  if (text === undefined) return ok(undefined);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return err((error as Error).message);
  }
  const { phase, overdue, killedAtMs, wakeAtMs } = { ...(value as object) } as Partial<
    Record<keyof CommandMemory, unknown>
  >;
  if (phase !== 'running' && phase !== 'killing') return err("'phase' must be 'running' or 'killing'");
  if (typeof overdue !== 'boolean') return err("'overdue' must be true or false");
  if (typeof killedAtMs !== 'number') return err("'killedAtMs' must be a number");
  if (wakeAtMs !== undefined && typeof wakeAtMs !== 'number') return err("'wakeAtMs' must be a number");
  return ok({ phase, overdue, killedAtMs, wakeAtMs });
}
