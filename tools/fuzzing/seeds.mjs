/**
 * What the fuzzer starts from: a valid message of every type and call, made from the tables of fields. Commands in them
 * are harmless whatever becomes of them, and no id in them is anybody's.
 */
import * as wire from '@mesolite/wire';

const DEEPEST = 4;

/** All message types of the wire by name. */
const TYPES = Object.values(wire).filter((value) => value?.kind === 'message');

function sampleScalar(field, random) {
  const small = random.below(100);
  switch (field.scalar) {
    case 'string':
      return field.name === 'ip' || field.name === 'hostname' ? '127.0.0.1' : `s${small}`;
    case 'bytes':
      return Buffer.from(random.bytes(16));
    case 'bool':
      return random.below(2) === 1;
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return BigInt(small);
    default:
      return small;
  }
}

function sampleValue(field, random, depth) {
  if (field.message !== undefined) return sample(field.message, random, depth + 1);
  if (field.enumeration !== undefined) {
    const names = Object.keys(field.enumeration.numbers);
    return names[random.below(names.length)];
  }
  return sampleScalar(field, random);
}

/** A message with about half of its optional fields set. */
export function sample(type, random, depth = 0) {
  // No program but this one is ever named, so that no mutation of a command can do harm.
  if (type.fullName === 'mesos.v1.CommandInfo') return { shell: false, value: '/bin/true' };
  if (type.fullName === 'mesos.v1.CommandInfo.URI') return { value: 'file:///nonexistent' };
  // The machine of the real agent is never named: nobody takes it down. Few others, so that some calls mean the same one.
  if (type.fullName === 'mesos.v1.MachineID') {
    const number = random.below(3);
    return { hostname: `machine-${number}`, ip: `10.0.0.${number}` };
  }
  const message = {};
  for (const field of type.fields) {
    if (field.label !== '!' && (depth >= DEEPEST || random.below(2) === 0)) continue;
    const value = sampleValue(field, random, depth);
    if (field.label === '*') message[field.name] = [value];
    else if (field.label === 'map') message[field.name] = { [`k${random.below(10)}`]: value };
    else message[field.name] = value;
  }
  return message;
}

/** Messages that travel between libprocess processes: `{ name, type }`. */
export function libprocessMessages() {
  return TYPES.filter(({ fullName }) => /^mesos\.(internal\.\w+(Message|Request)|scheduler\.Call)$/.test(fullName)).map(
    (type) => ({ name: wire.wireName(type), type }),
  );
}

/** A call of some kind, its own part filled in, in nobody's name. */
export function callOf(type, random) {
  const kinds = Object.keys(type.fields.find(({ name }) => name === 'type').enumeration.numbers);
  const kind = kinds[random.below(kinds.length)];
  const part = type.fields.find(({ name }) => name === kind.toLowerCase());
  const call = sample(type, random, DEEPEST);
  call.type = kind;
  for (const name of ['framework_id', 'executor_id']) {
    const field = type.fields.find((candidate) => candidate.name === name);
    if (field !== undefined) call[name] = { value: `nobody-${random.below(10)}` };
  }
  if (part !== undefined) call[part.name] = sample(part.message, random, 1);
  return call;
}
