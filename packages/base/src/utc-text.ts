/** Times as people read them, without a clock and without time zones. */

const DAY_MS = 86_400_000;
/** Of four hundred years, after which the calendar repeats itself. */
const ERA_DAYS = 146_097;
/** From 1 March of the year 0, where leap days come last, to 1 January 1970. */
const EPOCH_DAYS = 719_468;
const LAST_MS = 253_402_300_799_999;

/** `2026-01-01T00:00:00.000Z` for milliseconds since 1970; `-` for what is outside the years 1970 to 9999. */
export function utcText(wallMs: number): string {
  if (!(wallMs >= 0 && wallMs <= LAST_MS)) return '-';
  const ms = Math.floor(wallMs);
  const day = Math.floor(ms / DAY_MS) + EPOCH_DAYS;
  const era = Math.floor(day / ERA_DAYS);
  const dayOfEra = day - era * ERA_DAYS;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const date = `${pad(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4)}-${pad(month)}-${pad(
    dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  )}`;
  const left = ms % DAY_MS;
  const time = [3_600_000, 60_000, 1000].map((unit, i) => pad(Math.floor(left / unit) % (i === 0 ? 24 : 60)));
  return `${date}T${time.join(':')}.${pad(left % 1000, 3)}Z`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
