/** The registry has answered: what waited for it goes on. A registry that fails ends the master: nothing can be promised. */
import type { Handler, MasterContext } from '../../context.ts';
import type { Pending } from '../../state/pending.ts';

/** What happens when a kind of pending change is durable. Filled by the directory: capabilities do not know each other. */
export type PendingHandlers = {
  readonly [K in Pending['kind']]: (context: MasterContext, pending: Extract<Pending, { readonly kind: K }>) => void;
};

export function registryAnswer(handlers: PendingHandlers): Handler<'registry-written'> {
  return (context, { pending: id, error }) => {
    const pending = context.state.pending.take(id);
    if (pending === undefined) return;
    if (error === undefined) {
      (handlers[pending.kind] as (context: MasterContext, pending: Pending) => void)(context, pending);
      return;
    }
    const text = `Failed to write the registry (${pending.kind}): ${error}`;
    context.options.log.error(text);
    context.outbox.push({ kind: 'exit', code: 1, text });
  };
}
