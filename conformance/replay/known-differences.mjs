/**
 * Where our answers differ from the recorded ones on purpose or not yet, each with its reason. What is not listed here
 * fails the replay; what is listed and no longer happens is reported, so that the list stays short.
 */

/** Differences inside messages: `capture` by name, `path` within the message. */
export const KNOWN_DIFFERENCES = [
  {
    capture: /^(v1|mesos-execute)-/,
    path: /^SUBSCRIBED .*master_info\.capabilities/,
    why: 'the master claims AGENT_DRAINING and QUOTA_V2 once they are built',
  },
  {
    capture: /^v1-test-http-framework$/,
    path: /^SUBSCRIBED .*agent_info\.checkpoint$/,
    why: 'a field of the v0 message that is none of the v1 one and slips through in protobuf only',
  },
  {
    capture: /^operator-mutations-and-errors$/,
    path: /^event 5 UPDATE\.update\.status\.message$/,
    why: 'resources in the text of an error stand in another order',
  },
];

/** Captures, or parts of them, that are not replayed. */
export const NOT_REPLAYED = {
  'v1-operation-feedback-framework': 'RESERVE, CREATE and operation status updates are not built yet',
  'mesos-execute-taskgroup': 'task groups and the default executor are not built yet',
};

/** Tasks of `task-lifecycles-json` that are not launched. */
export const TASKS_NOT_REPLAYED = {
  health_command_fail: 'health checks are not built yet',
  health_command_ok: 'health checks are not built yet',
  health_http: 'health checks are not built yet',
  health_tcp: 'health checks are not built yet',
  check_command: 'checks are not built yet',
  check_http: 'checks are not built yet',
  check_tcp: 'checks are not built yet',
  disk_quota: 'the disk isolator is not built yet',
  docker_no_containerizer: 'docker containers are not built yet',
  volume_sandbox: 'volumes are not built yet',
  fetch_cache: 'the fetcher cache is not built yet',
  limits_ok: 'resource limits need cgroups, which are not built yet',
  tty: 'terminals are not built yet',
};
