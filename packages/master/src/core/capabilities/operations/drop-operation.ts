/** An operation that cannot be done: whoever gave it an id is told, others never learn. */
import type { OfferOperation } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { sendEvent } from '../../transitions/framework-events.ts';

export function dropOperation(
  context: MasterContext,
  framework: FrameworkRecord,
  operation: OfferOperation,
  message: string,
): void {
  context.state.operations.counts.came(operation.type, 'OPERATION_ERROR');
  context.options.log.warning(
    `Dropping ${operation.type ?? 'unknown'} operation of framework ${framework.id}: ${message}`,
  );
  if (operation.id === undefined) return;
  sendEvent(context, framework, {
    type: 'UPDATE_OPERATION_STATUS',
    update_operation_status: { status: { operation_id: operation.id, state: 'OPERATION_ERROR', message } },
  });
}
