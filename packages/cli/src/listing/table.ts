/** Columns of text. */

const GAP = '  ';
/** No column is cut below this; on a screen that is narrower still, lines wrap. */
const NARROWEST = 8;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
const ESCAPE_CODES = /(\u001b\[\d+m)/;

/**
 * Widths are measured without escape codes; the last column is not padded. With `lineWidth`, in characters, the widest
 * columns are cut until a line is no longer than that.
 */
export function table(rows: readonly (readonly string[])[], lineWidth?: number): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell));
  const fitting = lineWidth === undefined ? widths : fit(widths, lineWidth - GAP.length * (widths.length - 1));
  return rows.map((row) => `${row.map((cell, column) => fill(cell, column, row, fitting)).join(GAP)}\n`).join('');
}

/** Takes from the widest columns, as little as is needed. */
function fit(widths: readonly number[], room: number): number[] {
  const fitting = [...widths];
  let excess = fitting.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...fitting);
    if (widest <= NARROWEST) break;
    const next = Math.max(NARROWEST, ...fitting.filter((width) => width < widest));
    const columns = fitting.flatMap((width, column) => (width === widest ? [column] : []));
    const step = Math.max(1, Math.min(widest - next, Math.floor(excess / columns.length)));
    for (const column of columns) {
      if (excess <= 0) break;
      fitting[column] = widest - step;
      excess -= step;
    }
  }
  return fitting;
}

function fill(cell: string, column: number, row: readonly string[], widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  const shown = cut(cell, width);
  return column === row.length - 1 ? shown : shown + ' '.repeat(width - visibleLength(shown));
}

/** Escape codes stay, also those behind the cut, so that a colour ends where it should. */
function cut(cell: string, width: number): string {
  if (visibleLength(cell) <= width) return cell;
  let left = width - 1;
  return cell
    .split(ESCAPE_CODES)
    .map((part, index) => {
      if (index % 2 === 1 || left < 0) return index % 2 === 1 ? part : '';
      const characters = [...part];
      const kept = characters.slice(0, left).join('');
      left -= characters.length;
      return left < 0 ? `${kept}…` : kept;
    })
    .join('');
}

function visibleLength(text: string): number {
  return text.split(ESCAPE_CODES).reduce((sum, part, index) => sum + (index % 2 === 1 ? 0 : [...part].length), 0);
}

/** `42s`, `3m`, `5h`, `12d`: the largest unit that says something. */
export function age(seconds: number): string {
  if (!(seconds >= 0)) return '-';
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
