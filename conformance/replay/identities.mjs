/**
 * Compares what was recorded with what we answer, where ids, times and ports differ by nature. Ids are learned from the
 * first place in which they meet and must then correspond everywhere; times and process ids need only be there.
 */

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** Ids of masters, frameworks, agents, offers, containers, streams. */
const IDENTITY = new RegExp(`^${UUID}(-S\\d+|-O\\d+|-\\d{4})?$`);
const BINARY_UUID = /^[A-Za-z0-9+/]{22}==$/;
/** Keys of numbers that never agree. */
const VOLATILE = ['timestamp', 'executor_pid', 'nanoseconds', 'registered_time', 'unregistered_time'];
/** Lists whose order says nothing: of resources, and of quotas, which come from a hash table there. */
const UNORDERED = /(resources(_full)?|guarantee|(status|body)\.(infos|configs))$/;

function kindOf(text) {
  const match = IDENTITY.exec(text);
  if (match !== null) return `id${(match[1] ?? '').replace(/\d+/, '')}`;
  return BINARY_UUID.test(text) ? 'binary' : undefined;
}

export class Identities {
  #ours = new Map();
  #pattern;
  #volatile;
  #unordered;

  /**
   * @param {readonly string[]} volatile further keys whose numbers need only be there
   * @param {RegExp} unordered paths of lists whose order is not compared
   */
  constructor(volatile = [], unordered = UNORDERED) {
    this.#unordered = unordered;
    this.#volatile = new Set([...VOLATILE, ...volatile]);
  }

  /** `recorded` is `ours` from now on, also inside longer texts. */
  learn(recorded, ours) {
    this.#ours.set(String(recorded), String(ours));
    this.#pattern = undefined;
    const prefix = new RegExp(`^${UUID}(?=-)`);
    const [from, to] = [prefix.exec(recorded)?.[0], prefix.exec(ours)?.[0]];
    if (from !== undefined && to !== undefined && !this.#ours.has(from)) this.#ours.set(from, to);
  }

  /** The original listened on its known ports, ours on free ones. */
  learnPorts(cluster) {
    this.learn(':5050', `:${cluster.master.port}`);
    this.learn(':5051', `:${cluster.agents[0].port}`);
  }

  /** A recorded text in our words. */
  translate(text) {
    if (this.#ours.size === 0) return text;
    this.#pattern ??= new RegExp(
      [...this.#ours.keys()]
        .sort((a, b) => b.length - a.length)
        .map((key) => key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('|'),
      'g',
    );
    return text.replace(this.#pattern, (found) => this.#ours.get(found));
  }

  /** Where two JSON values disagree: `{ path, recorded, ours }`, nothing when they correspond. */
  compare(recorded, ours, path = '') {
    if (Array.isArray(recorded) && Array.isArray(ours)) return this.#compareLists(recorded, ours, path);
    if (isObject(recorded) && isObject(ours)) {
      const keys = [...new Set([...Object.keys(recorded), ...Object.keys(ours)])];
      return keys.flatMap((key) => this.compare(recorded[key], ours[key], path === '' ? key : `${path}.${key}`));
    }
    const key = path.slice(path.lastIndexOf('.') + 1);
    if (typeof recorded === 'string' && typeof ours === 'string') return this.#compareTexts(recorded, ours, path);
    if (typeof recorded === 'number' && typeof ours === 'number') {
      if (this.#volatile.has(key) || (key === 'port' && this.translate(`:${recorded}`) === `:${ours}`)) return [];
    }
    return Object.is(recorded, ours) ? [] : [{ path, recorded, ours }];
  }

  #compareLists(recorded, ours, path) {
    const sorted = (list) => (this.#unordered.test(path) ? [...list].sort(byName) : list);
    const [a, b] = [sorted(recorded), sorted(ours)];
    const length = Math.max(a.length, b.length);
    return Array.from({ length }, (_, i) => this.compare(a[i], b[i], `${path}[${i}]`)).flat();
  }

  #compareTexts(recorded, ours, path) {
    if (this.translate(recorded) === ours) return [];
    const kind = kindOf(recorded);
    if (kind !== undefined && !this.#ours.has(recorded) && kindOf(ours) === kind) {
      this.learn(recorded, ours);
      return [];
    }
    return this.#learnWithin(recorded, ours) ? [] : [{ path, recorded, ours }];
  }

  /** Ids inside longer texts: true when the texts agree but for ids that can still be learned. */
  #learnWithin(recorded, ours) {
    const pattern = new RegExp(UUID, 'g');
    const translated = this.translate(recorded);
    const [from, to] = [translated.match(pattern) ?? [], ours.match(pattern) ?? []];
    if (translated.replace(pattern, 'ID') !== ours.replace(pattern, 'ID')) return false;
    const pairs = from.map((id, i) => [id, to[i]]).filter(([id, mine]) => id !== mine);
    if (pairs.some(([id]) => this.#ours.has(id) || [...this.#ours.values()].includes(id))) return false;
    for (const [id, mine] of pairs) this.learn(id, mine);
    return true;
  }
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Parts of one resource, reserved and not, and volumes among them, stand in any order too. */
function orderOf({ name, role, reservations = [], disk }) {
  return [name ?? role, JSON.stringify(reservations), disk?.persistence?.id].join(' ');
}

function byName(a, b) {
  const [first, second] = [orderOf(a), orderOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}
