/** A framework ends because its scheduler or an operator says so. */
import type { Handler, MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { removeFramework } from '../../transitions/framework-membership.ts';

export function teardown(context: MasterContext, framework: FrameworkRecord): void {
  context.counters.add('unregisterFrameworkMessages');
  removeFramework(context, framework);
}

export const teardownFramework: Handler<'teardown-framework'> = (context, { connection, frameworkId }) => {
  const framework = context.state.frameworks.registered.get(frameworkId);
  if (framework === undefined) {
    context.outbox.reply(connection, 400, 'No framework found with specified ID');
    return;
  }
  teardown(context, framework);
  context.outbox.reply(connection, 200);
};
