/** What a master takes in, as a line of the log tells it. */
import type { MasterInput } from '@mesolite/master/core';

export function describe(input: MasterInput): string {
  switch (input.kind) {
    case 'call-scheduler':
      return `${input.call.type} of ${input.call.framework_id?.value ?? '?'} on ${input.connection}`;
    case 'subscribe-scheduler':
      return `SUBSCRIBE of ${input.subscribe.framework_info.name} on ${input.connection}`;
    case 'status-updated': {
      const { status } = input.message.update;
      return `status-updated ${status.task_id.value} ${status.state} from ${input.from}`;
    }
    case 'registry-written':
      return `registry-written${input.error === undefined ? '' : `: ${input.error}`}`;
    default:
      return 'from' in input ? `${input.kind} from ${input.from}` : input.kind;
  }
}
