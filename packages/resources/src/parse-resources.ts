/**
 * What `--resources` says: `name(role):value;…` or a JSON array of Resource objects. `file://` is the flags' business.
 * Answers post-refinement messages, amounts of 0 included: they say that a resource shall not be detected.
 * Departs from Mesos: text that begins like JSON is read as JSON only, so that its mistakes are told; both formats of
 * reservations at once must agree here too.
 */
import { err, ok, type Result } from '@mesolite/base';
import { Resource, type ValueType, WireError } from '@mesolite/wire';
import { isSizeless } from './default-resources.ts';
import { upgradeResource } from './reservation-format.ts';
import { formatResource } from './text-form.ts';
import { resourceError } from './validate.ts';
import { parseValue } from './value-text.ts';

/** Valid resources of `text`; those naming no role are reserved to `defaultRole` unless that is `*`. */
export function parseResources(text: string, defaultRole: string): Result<Resource[]> {
  return parse(text, defaultRole, () => false);
}

/** As {@link parseResources}, but PATH and MOUNT disks may leave out their size: it is for the machine to tell. */
export function parseAgentResources(text: string, defaultRole: string): Result<Resource[]> {
  return parse(text, defaultRole, isSizeless);
}

function parse(text: string, defaultRole: string, maySizeBeUnset: (resource: Resource) => boolean): Result<Resource[]> {
  const parsed = /^\s*\[/.test(text) ? fromJson(text, defaultRole) : fromText(text, defaultRole);
  if (!parsed.ok) return parsed;
  const error = flagError(parsed.value, maySizeBeUnset);
  return error === undefined ? parsed : err(error);
}

function fromText(text: string, defaultRole: string): Result<Resource[]> {
  const list: Resource[] = [];
  for (const token of text.split(';').filter((part) => part.trim() !== '')) {
    const pair = token.split(':').filter((part) => part !== '');
    if (pair.length !== 2) return err(`Bad value for resources, missing or extra ':' in ${token}`);
    const [left, valueText] = pair as [string, string];
    let name = left;
    let role = defaultRole;
    const open = left.indexOf('(');
    if (open >= 0) {
      const close = left.indexOf(')');
      if (close < open) return err(`Bad value for resources, mismatched parentheses in ${token}`);
      name = left.slice(0, open);
      role = left.slice(open + 1, close).trim();
    }
    const resource = fromPair(name.trim(), valueText, role);
    if (!resource.ok) return resource;
    list.push(resource.value);
  }
  return ok(list);
}

function fromPair(name: string, valueText: string, role: string): Result<Resource> {
  const parsed = parseValue(valueText);
  if (!parsed.ok) return err(`Failed to parse resource ${name} value ${valueText} error ${parsed.error}`);
  const { type, scalar, ranges, set } = parsed.value;
  const resource: Resource = { name, type };
  if (role !== '*') resource.reservations = [{ type: 'STATIC', role }];
  if (type === 'SCALAR') resource.scalar = scalar;
  else if (type === 'RANGES') resource.ranges = ranges;
  else if (type === 'SET') resource.set = set;
  else return err(`Bad type for resource ${name} value ${valueText} type ${type}`);
  return ok(resource);
}

function fromJson(text: string, defaultRole: string): Result<Resource[]> {
  try {
    const items: unknown = JSON.parse(text);
    if (!Array.isArray(items)) return err('Some JSON resources were not formatted properly: expecting an array');
    return ok(
      items.map((item: unknown) => {
        const resource = Resource.fromJsonValue(item);
        const roleless = resource.role === undefined && (resource.reservations ?? []).length === 0;
        return roleless ? { ...resource, role: defaultRole } : resource;
      }),
    );
  } catch (error) {
    if (error instanceof WireError || error instanceof SyntaxError)
      return err(`Some JSON resources were not formatted properly: ${error.message}`);
    throw error;
  }
}

/** The rules of single resources, then those of the command line; upgrades the list in place. */
function flagError(list: Resource[], maySizeBeUnset: (resource: Resource) => boolean): string | undefined {
  const types = new Map<string, ValueType>();
  for (const [i, given] of list.entries()) {
    const invalid = resourceError(maySizeBeUnset(given) ? { ...given, scalar: { value: 1 } } : given);
    if (invalid !== undefined) return invalid;
    const resource = upgradeResource(given);
    list[i] = resource;
    if (resource.disk?.persistence !== undefined) return 'Persistent volumes cannot be specified at the command line';
    if (resource.revocable !== undefined)
      return (
        'Revocable resources cannot be specified at the command line; do not include a ' +
        "'revocable' key in the resources JSON"
      );
    if (resource.reservations?.at(-1)?.type === 'DYNAMIC')
      return (
        'Dynamic reservations cannot be specified at the command line; do not include a reservation with DYNAMIC ' +
        'type in the resources JSON'
      );
    const disk = diskError(resource);
    if (disk !== undefined) return disk;
    if ((types.get(resource.name) ?? resource.type) !== resource.type)
      return `Resources with the same name ('${resource.name}') but different types are not allowed`;
    types.set(resource.name, resource.type);
  }
  return undefined;
}

/** An agent serves directories and mounted file systems it is told the place of; other disks come from providers. */
function diskError(resource: Resource): string | undefined {
  const source = resource.disk?.source;
  if (source === undefined) return undefined;
  if (source.type !== 'PATH' && source.type !== 'MOUNT')
    return `Unsupported 'DiskInfo.Source.Type' in '${formatResource(resource)}'`;
  const root = source.type === 'PATH' ? source.path?.root : source.mount?.root;
  return root === undefined
    ? `${source.type} disk root directory is not specified '${formatResource(resource)}'`
    : undefined;
}
