/** A time as people read it: `2026-01-01T00:00:00.000Z`. What no calendar knows is `-`. */
export function utcText(wallMs: number): string {
  const time = new Date(wallMs);
  return Number.isNaN(time.getTime()) ? '-' : time.toISOString();
}
