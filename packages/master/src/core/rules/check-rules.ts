/** What checks and health checks must hold. */
import type { CheckInfo, CommandInfo, HealthCheck } from '@mesolite/wire';
import { commandError } from './command-rules.ts';

export function checkError(check: CheckInfo): string | undefined {
  switch (check.type) {
    case undefined:
      return "CheckInfo must specify 'type'";
    case 'COMMAND': {
      if (check.command === undefined) return "Expecting 'command' to be set for COMMAND check";
      const error = checkCommandError(check.command.command, 'Command check', 'Check');
      if (error !== undefined) return error;
      break;
    }
    case 'HTTP':
      if (check.http === undefined) return "Expecting 'http' to be set for HTTP check";
      if (check.http.path !== undefined && !check.http.path.startsWith('/'))
        return `The path '${check.http.path}' of HTTP check must start with '/'`;
      break;
    case 'TCP':
      if (check.tcp === undefined) return "Expecting 'tcp' to be set for TCP check";
      break;
    default:
      return `'${check.type}' is not a valid check type`;
  }
  return negativeError(check, ['delay_seconds', 'interval_seconds', 'timeout_seconds']);
}

export function healthCheckError(check: HealthCheck): string | undefined {
  switch (check.type) {
    case undefined:
      return "HealthCheck must specify 'type'";
    case 'COMMAND': {
      if (check.command === undefined) return "Expecting 'command' to be set for COMMAND health check";
      const error = checkCommandError(check.command, 'Command health check', 'Health check');
      if (error !== undefined) return error;
      break;
    }
    case 'HTTP': {
      if (check.http === undefined) return "Expecting 'http' to be set for HTTP health check";
      const { scheme, path } = check.http;
      if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
        return `Unsupported HTTP health check scheme: '${scheme}'`;
      if (path !== undefined && !path.startsWith('/'))
        return `The path '${path}' of HTTP health check must start with '/'`;
      break;
    }
    case 'TCP':
      if (check.tcp === undefined) return "Expecting 'tcp' to be set for TCP health check";
      break;
    default:
      return `'${check.type}' is not a valid health check type`;
  }
  return negativeError(check, ['delay_seconds', 'grace_period_seconds', 'interval_seconds', 'timeout_seconds']);
}

function checkCommandError(command: CommandInfo, what: string, whose: string): string | undefined {
  if (command.value === undefined)
    return `${what} must contain ${(command.shell ?? true) ? "'shell command'" : "'executable path'"}`;
  const error = commandError(command);
  return error === undefined ? undefined : `${whose}'s \`CommandInfo\` is invalid: ${error}`;
}

function negativeError<K extends string>(
  check: { readonly [P in K]?: number | undefined },
  fields: readonly K[],
): string | undefined {
  for (const field of fields) if ((check[field] ?? 0) < 0) return `Expecting '${field}' to be non-negative`;
  return undefined;
}
