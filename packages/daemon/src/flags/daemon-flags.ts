/** Flags that master and agent share (kernel specification 11.2), with their differences in defaults. */
import { formatDuration } from '@mesolite/base';
import { parseDomain } from './domain-flag.ts';
import { type FlagProgram, type FlagSpec, type FlagValue, refused, works } from './flag-spec.ts';

/** Levels by the names the original takes. */
const LOGGING_LEVELS = ['INFO', 'WARNING', 'ERROR'];

export function daemonFlags(program: FlagProgram): readonly FlagSpec[] {
  return [
    works('help', 'boolean', 'false', 'Prints this text and ends.'),
    works('version', 'boolean', 'false', 'Prints the version and ends.'),
    works(
      'config_root',
      'path',
      undefined,
      'Mesolite only. Where etc/mesos, etc/mesos-*, and etc/default/mesos* are looked for instead of below the root directory.',
    ),
    works('quiet', 'boolean', 'false', 'Writes no log lines to stderr.'),
    works('logging_level', 'text', 'INFO', 'Log lines below this level are dropped: INFO, WARNING or ERROR.', {
      only: 'INFO, WARNING, ERROR',
      check: (value) =>
        LOGGING_LEVELS.includes(value as string)
          ? undefined
          : `'${value}' is not a valid logging level. Possible values for 'logging_level' flag are: 'INFO', 'WARNING', 'ERROR'.`,
    }),
    works(
      'log_dir',
      'path',
      undefined,
      `Directory for log files, one per level; also makes the log readable at /files as /${program === 'master' ? 'master' : 'slave'}/log.`,
    ),
    refused('logbufsecs', 'integer', '0', 'Seconds of buffering of log lines. Lines are always written at once.'),
    works('initialize_driver_logging', 'boolean', 'true', 'Concerns the logging of drivers linked with the original.'),
    refused('external_log_file', 'path', undefined, 'Another file to show as the log.'),
    works('ip', 'text', undefined, 'Address to listen on. Not together with --ip_discovery_command.', {
      check: checkIp,
    }),
    works('ip_discovery_command', 'text', undefined, 'A command that prints the address to listen on.'),
    works('port', 'integer', program === 'master' ? '5050' : '5051', 'Port to listen on; 0 takes a free one.', {
      check: checkPort,
    }),
    works('advertise_ip', 'text', undefined, 'The address others are told instead of the one listened on.', {
      check: checkIp,
    }),
    works('advertise_port', 'integer', undefined, 'The port others are told instead of the one listened on.', {
      check: checkPort,
    }),
    works(
      'hostname',
      'text',
      undefined,
      'The host name others are told. Unset: looked up from the advertised address.',
    ),
    works(
      'hostname_lookup',
      'boolean',
      'true',
      'Whether the host name is looked up from the address when --hostname is unset; otherwise the address serves as name.',
    ),
    refused('modules', 'json', undefined, 'Native modules to load.'),
    refused('modules_dir', 'path', undefined, 'Directory of manifests of native modules.'),
    refused('hooks', 'text', undefined, 'Names of hook modules.'),
    refused('firewall_rules', 'json', undefined, 'Endpoints to switch off.'),
    works('domain', 'json', undefined, 'Fault domain: {"fault_domain":{"region":{"name":"r"},"zone":{"name":"z"}}}.', {
      check: (value) => {
        const domain = parseDomain(value as string);
        return domain.ok ? undefined : domain.error;
      },
    }),
    works('zk_session_timeout', 'duration', '10secs', 'Timeout of ZooKeeper sessions.', {
      check: (value) =>
        (value as number) < 100
          ? `Invalid value '${formatDuration(value as number)}': Must be at least 100ms`
          : undefined,
    }),
    refused('authenticate_http_readonly', 'boolean', 'false', 'Demands authentication on reading endpoints.'),
    refused('authenticate_http_readwrite', 'boolean', 'false', 'Demands authentication on writing endpoints.', {
      ...(program === 'master' ? { aliases: ['authenticate_http'] } : {}),
    }),
    refused(
      'http_authenticators',
      'text',
      program === 'master' ? 'basic' : undefined,
      'Authenticators of HTTP endpoints.',
    ),
    refused('acls', 'json', undefined, 'Who may do what. Everybody may do everything in this version.'),
    refused('memory_profiling', 'boolean', 'false', "Endpoints of the original's heap profiler."),
    refused('master_detector', 'text', undefined, 'Module that finds the leading master.'),
  ];
}

function checkIp(value: FlagValue): string | undefined {
  const parts = String(value).trim().split('.');
  const valid = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return valid ? undefined : `Expecting an IPv4 address, but got '${value}'`;
}

function checkPort(value: FlagValue): string | undefined {
  return (value as number) <= 65_535 ? undefined : `Expecting a port between 0 and 65535, but got ${value}`;
}
