/** Decoded messages of any type as plain values, and with other ids in them. Knows no fields but `port`. */

/** What a message says, bytes in base64. Unlike JSON text it holds only what was set: equal values mean equal messages. */
export function plain(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const set = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(set.map(([key, item]) => [key, plain(item)]));
}

/** The message with all its texts, bytes and ports put through `translate`; bytes are in base64 meanwhile. */
export function translated(value, translate, key = '') {
  if (typeof value === 'string') return translate(value);
  if (key === 'port' && typeof value === 'number') return Number(translate(`:${value}`).slice(1));
  if (value instanceof Uint8Array) return Buffer.from(translate(Buffer.from(value).toString('base64')), 'base64');
  if (Array.isArray(value)) return value.map((item) => translated(item, translate));
  if (value === null || typeof value !== 'object') return value;
  const own = Object.entries(value).map(([name, item]) => [name, translated(item, translate, name)]);
  // The spread keeps what the schema does not know.
  return { ...value, ...Object.fromEntries(own) };
}
