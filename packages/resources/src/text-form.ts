/** Resources as one line of text, as the original writes them in logs and in error texts that clients see. */
import { fromMillis, toMillis } from '@mesolite/base';
import type { Labels, Resource, ResourceDiskInfo, ResourceDiskInfoSource } from '@mesolite/wire';
import { formatRanges } from './value-ranges.ts';
import { formatItems } from './value-sets.ts';

/** `cpus(allocated: web)(reservations: [(STATIC,web)]):1.5`. Takes unvalidated resources too. */
export function formatResource(resource: Resource): string {
  return `${formatMetadata(resource)}:${formatValue(resource)}`;
}

/** The part before the amount. */
export function formatMetadata(resource: Resource): string {
  let text = resource.name;
  if (resource.allocation_info !== undefined) text += `(allocated: ${resource.allocation_info.role ?? ''})`;
  const stack = resource.reservations ?? [];
  if (stack.length > 0) {
    const layers = stack.map((r) => {
      const principal = r.principal === undefined ? '' : `,${r.principal}`;
      const labels = r.labels === undefined ? '' : `,${formatLabels(r.labels)}`;
      return `(${r.type ?? 'UNKNOWN'},${r.role ?? ''}${principal}${labels})`;
    });
    text += `(reservations: [${layers.join(',')}])`;
  }
  if (resource.disk !== undefined) text += `[${formatDisk(resource.disk)}]`;
  if (resource.revocable !== undefined) text += '{REV}';
  if (resource.shared !== undefined) text += '<SHARED>';
  return text;
}

function formatValue(resource: Resource): string {
  switch (resource.type) {
    case 'SCALAR':
      return formatScalar(toMillis(resource.scalar?.value ?? 0));
    case 'RANGES':
      return formatRanges((resource.ranges?.range ?? []).flatMap((range) => [range.begin, range.end]));
    case 'SET':
      return formatItems(resource.set?.item ?? []);
    default:
      return `(${resource.type})`;
  }
}

export function formatScalar(millis: number): string {
  return String(fromMillis(millis));
}

export function formatLabels(labels: Labels): string {
  const parts = (labels.labels ?? []).map((label) =>
    label.value === undefined ? label.key : `${label.key}: ${label.value}`,
  );
  return `{${parts.join(', ')}}`;
}

function formatDisk(disk: ResourceDiskInfo): string {
  const parts: string[] = [];
  if (disk.source !== undefined) parts.push(formatSource(disk.source));
  if (disk.persistence !== undefined) parts.push(disk.persistence.id);
  let text = parts.join(',');
  if (disk.volume !== undefined) {
    const { host_path: hostPath, container_path: containerPath, mode } = disk.volume;
    text += `:${hostPath === undefined ? containerPath : `${hostPath}:${containerPath}:${mode.toLowerCase()}`}`;
  }
  return text;
}

function formatSource(source: ResourceDiskInfoSource): string {
  if (source.id !== undefined || source.profile !== undefined)
    return `${source.type}(${source.vendor ?? ''},${source.id ?? ''},${source.profile ?? ''})`;
  const root = source.type === 'PATH' ? source.path?.root : source.type === 'MOUNT' ? source.mount?.root : undefined;
  return root === undefined ? source.type : `${source.type}:${root}`;
}
