/** UUIDs from given random bytes (RFC 9562, version 4), so that cores and the simulator stay deterministic. */

/** 16 bytes with version and variant bits set; the input is changed in place. */
export function uuidBytes(random: Uint8Array): Uint8Array {
  random[6] = (random[6]! & 0x0f) | 0x40;
  random[8] = (random[8]! & 0x3f) | 0x80;
  return random;
}

/** Text form `xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx` of 16 bytes. */
export function formatUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

export function uuidText(random: Uint8Array): string {
  return formatUuid(uuidBytes(random));
}
