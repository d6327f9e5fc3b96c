/** Columns of text. */

/** Cells as they are, widths measured without escape codes; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell));
  return rows.map((row) => `${row.map((cell, column) => pad(cell, column, row, widths)).join('  ')}\n`).join('');
}

function pad(cell: string, column: number, row: readonly string[], widths: readonly number[]): string {
  return column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell));
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
  return text.replace(/\u001b\[\d+m/g, '').length;
}

/** `42s`, `3m`, `5h`, `12d`: the largest unit that says something. */
export function age(seconds: number): string {
  if (!(seconds >= 0)) return '-';
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
