/** Whether two ExecutorInfos mean the same: order of resources, uris, variables and labels does not count. */
import { Resources } from '@mesolite/resources';
import {
  type CommandInfo,
  CommandInfoURI,
  EnvironmentVariable,
  ExecutorInfo,
  Label,
  type MessageType,
} from '@mesolite/wire';

export function sameExecutor(a: ExecutorInfo, b: ExecutorInfo): boolean {
  if (a === b) return true;
  if (!Resources.from(a.resources).equals(Resources.from(b.resources))) return false;
  return ExecutorInfo.encode(ordered(a)).equals(ExecutorInfo.encode(ordered(b)));
}

/** Without resources, with unordered lists in one order and defaults left out. */
function ordered(info: ExecutorInfo): ExecutorInfo {
  const { command, labels } = info;
  return {
    ...info,
    type: info.type ?? 'UNKNOWN',
    resources: undefined,
    command: command === undefined ? undefined : orderedCommand(command),
    labels: labels === undefined ? undefined : { ...labels, labels: sorted(Label, labels.labels) },
  };
}

function orderedCommand(command: CommandInfo): CommandInfo {
  const { environment } = command;
  return {
    ...command,
    shell: command.shell ?? true,
    uris: sorted(CommandInfoURI, command.uris),
    environment:
      environment === undefined
        ? undefined
        : { ...environment, variables: sorted(EnvironmentVariable, environment.variables) },
  };
}

function sorted<M extends object>(type: MessageType<M>, items: readonly M[] | undefined): M[] {
  const keyed = (items ?? []).map((item) => ({ item, key: type.encode(item) }));
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ item }) => item);
}
