/** What commands, their environment and containers must hold, wherever they occur. Answers go behind a caller's words. */
import type { CommandInfo, ContainerInfo, Environment, EnvironmentVariable, Secret, Volume } from '@mesolite/wire';

export function commandError(command: CommandInfo): string | undefined {
  return environmentError(command.environment);
}

export function environmentError(environment: Environment | undefined): string | undefined {
  for (const variable of environment?.variables ?? []) {
    const error = variableError(variable);
    if (error !== undefined) return error;
  }
  return undefined;
}

function variableError(variable: EnvironmentVariable): string | undefined {
  const named = `Environment variable '${variable.name}'`;
  switch (variable.type ?? 'VALUE') {
    case 'SECRET': {
      if (variable.secret === undefined) return `${named} of type 'SECRET' must have a secret set`;
      if (variable.value !== undefined) return `${named} of type 'SECRET' must not have a value set`;
      const error = secretError(variable.secret);
      if (error !== undefined) return `${named} specifies an invalid secret: ${error}`;
      return variable.secret.value?.data.includes(0)
        ? `${named} specifies a secret containing null bytes, which is not allowed in the environment`
        : undefined;
    }
    case 'VALUE':
      if (variable.value === undefined) return `${named} of type 'VALUE' must have a value set`;
      return variable.secret === undefined ? undefined : `${named} of type 'VALUE' must not have a secret set`;
    default:
      return "Environment variable of type 'UNKNOWN' is not allowed";
  }
}

export function secretError(secret: Secret): string | undefined {
  switch (secret.type) {
    case 'REFERENCE':
      if (secret.reference === undefined) return "Secret of type REFERENCE must have the 'reference' field set";
      return secret.value === undefined
        ? undefined
        : `Secret '${secret.reference.name}' of type REFERENCE must not have the 'value' field set`;
    case 'VALUE':
      if (secret.value === undefined) return "Secret of type VALUE must have the 'value' field set";
      return secret.reference === undefined
        ? undefined
        : "Secret of type VALUE must not have the 'reference' field set";
    default:
      return undefined;
  }
}

export function containerError(container: ContainerInfo): string | undefined {
  for (const volume of container.volumes ?? []) {
    const error = volumeError(volume);
    if (error !== undefined) return `Invalid volume: ${error}`;
  }
  if (container.type !== 'DOCKER') return undefined;
  if (container.docker === undefined) return "DockerInfo 'docker' is not set for DOCKER typed ContainerInfo";
  return (container.docker.parameters ?? []).some(({ key }) => key === 'name')
    ? "Parameter in DockerInfo must not be 'name'"
    : undefined;
}

function volumeError(volume: Volume): string | undefined {
  const origins = [volume.host_path, volume.image, volume.source].filter((origin) => origin !== undefined);
  if (origins.length !== 1) return "Only one of them should be set: 'host_path', 'image' and 'source'";
  const { source } = volume;
  if (source === undefined) return undefined;
  const missing = (field: string, type: string): string => `'source.${field}' is not set for ${type} volume`;
  switch (source.type) {
    case 'DOCKER_VOLUME':
      return source.docker_volume === undefined ? missing('docker_volume', 'DOCKER_VOLUME') : undefined;
    case 'HOST_PATH':
      return source.host_path === undefined ? missing('host_path', 'HOST_PATH') : undefined;
    case 'SANDBOX_PATH':
      return source.sandbox_path === undefined ? missing('sandbox_path', 'SANDBOX_PATH') : undefined;
    case 'SECRET':
      return source.secret === undefined ? missing('secret', 'SECRET') : undefined;
    case 'CSI_VOLUME':
      if (source.csi_volume === undefined) return missing('csi_volume', 'CSI');
      return source.csi_volume.static_provisioning === undefined
        ? missing('csi_volume.static_provisioning', 'CSI')
        : undefined;
    default:
      return "'source.type' is unknown";
  }
}
