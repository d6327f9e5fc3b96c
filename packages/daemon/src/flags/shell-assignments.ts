/**
 * Reads the `NAME=value` lines of the distribution's `/etc/default` files, which a shell used to source. Understands quotes,
 * comments, `export`, `$NAME` of names set before, and `$(cat FILE)`; runs nothing.
 */

export interface ShellAssignments {
  readonly values: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

export interface ShellContext {
  /** Names set by files read before. */
  readonly earlier: ReadonlyMap<string, string>;
  /** Content of a file named by `$(cat FILE)`. */
  readonly read: (path: string) => string | undefined;
}

export function parseShellAssignments(text: string, context: ShellContext): ShellAssignments {
  const values = new Map(context.earlier);
  const warnings: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const match = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line);
    if (match === null) {
      if (!/^export\s+[A-Za-z_][\w\s]*$/.test(line))
        warnings.push(`line ${index + 1} is not an assignment and is ignored: ${line}`);
      continue;
    }
    const value = expand(match[2]!, values, context.read);
    if (typeof value === 'string') values.set(match[1]!, value);
    else warnings.push(`line ${index + 1}: ${value.problem}; ${match[1]} is ignored`);
  }
  return { values, warnings };
}

function expand(
  text: string,
  values: ReadonlyMap<string, string>,
  read: (path: string) => string | undefined,
): string | { readonly problem: string } {
  let out = '';
  let quote: '"' | undefined;
  for (let i = 0; i < text.length; ) {
    const c = text[i]!;
    if (c === '\\' && i + 1 < text.length) {
      const next = text[i + 1]!;
      // Between double quotes a backslash is itself, except before what would end or expand them.
      out += quote === undefined || '$`"\\'.includes(next) ? next : c + next;
      i += 2;
    } else if (c === '"') {
      quote = quote === undefined ? '"' : undefined;
      i++;
    } else if (c === "'" && quote === undefined) {
      const end = text.indexOf("'", i + 1);
      if (end < 0) return { problem: 'unfinished quote' };
      out += text.slice(i + 1, end);
      i = end + 1;
    } else if (c === '`' || text.startsWith('$(', i)) {
      const open = c === '`' ? 1 : 2;
      const end = text.indexOf(c === '`' ? '`' : ')', i + open);
      const path = end < 0 ? undefined : /^\s*cat\s+(\/[^\s`$;|&<>]+)\s*$/.exec(text.slice(i + open, end))?.[1];
      if (path === undefined) return { problem: 'only `cat FILE` is understood of command substitutions' };
      out += (read(path) ?? '').trimEnd();
      i = end + 1;
    } else if (c === '$') {
      const name = /^\$(?:\{(\w+)\}|(\w+))/.exec(text.slice(i));
      if (name === null) {
        out += c;
        i++;
      } else {
        out += values.get(name[1] ?? name[2]!) ?? '';
        i += name[0].length;
      }
    } else if (quote === undefined && /\s/.test(c)) {
      const rest = text.slice(i).trim();
      if (rest === '' || rest.startsWith('#')) break;
      return { problem: 'text after the value' };
    } else {
      out += c;
      i++;
    }
  }
  return quote === undefined ? out : { problem: 'unfinished quote' };
}
