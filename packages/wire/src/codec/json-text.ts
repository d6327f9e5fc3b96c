/**
 * From JSON text to a JSON value, with long integers exact and syntax errors told in the original's words.
 */
import { quoteLongIntegers } from './long-integers.ts';
import { WireError } from './wire-error.ts';

/** Text that is not JSON at all, as opposed to JSON that is not the message wanted. */
export class JsonSyntaxError extends WireError {}

const TOKEN = /[ \t\n\r]*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|[{}[\],:])/y;

/** Where the first token starts that cannot stand there; the end of the text when it stops too early. */
function errorOffset(text: string): number {
  const open: string[] = [];
  let wanted: 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma' = 'value';
  TOKEN.lastIndex = 0;
  for (let at = 0; ; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    const start = at + /^[ \t\n\r]*/.exec(text.slice(at, at + 10_000))![0].length;
    if (token === undefined) return start;
    const inside = open.at(-1);
    if (wanted === 'colon') {
      if (token !== ':') return start;
      wanted = 'value';
    } else if (wanted === 'comma') {
      if (token === ',' && inside !== undefined) wanted = inside === '{' ? 'key' : 'value';
      else if ((token === '}' && inside === '{') || (token === ']' && inside === '[')) open.pop();
      else return start;
    } else if (wanted === 'key' || wanted === 'key or }') {
      if (token.startsWith('"')) wanted = 'colon';
      else if (token === '}' && wanted === 'key or }') {
        open.pop();
        wanted = 'comma';
      } else return start;
    } else if (token === '{') {
      open.push(token);
      wanted = 'key or }';
    } else if (token === '[') {
      open.push(token);
      wanted = 'value or ]';
    } else if (token === ']' && wanted === 'value or ]') {
      open.pop();
      wanted = 'comma';
    } else if (/[}\],:]/.test(token[0]!)) return start;
    else wanted = 'comma';
    if (open.length === 0 && wanted === 'comma' && TOKEN.lastIndex >= text.length) return text.length;
  }
}

/**
 * Half a character by itself has no place in UTF-8; JSON.parse takes it. Answers where the original's reader stops at the
 * first one of `text`, which is JSON otherwise, or nothing.
 */
function loneSurrogateOffset(text: string): number | undefined {
  const halves = /\\u[dD][89a-fA-F]/g;
  for (let half = halves.exec(text); half !== null; half = halves.exec(text)) {
    if (isEscaped(text, half.index)) continue;
    const after = half.index + ESCAPE_LENGTH;
    if (/[c-fC-F]/.test(text[after - 3]!)) return after;
    if (text[after] !== '\\') return after;
    if (text[after + 1] !== 'u') return after + 1;
    halves.lastIndex = after + ESCAPE_LENGTH;
    if (!/^[dD][c-fC-F]/.test(text.slice(after + 2, after + 4))) return halves.lastIndex;
  }
  // No bytes stand for such a text, so it is none that a daemon has received.
  return text.isWellFormed() ? undefined : /\p{Surrogate}/u.exec(text)!.index;
}

const ESCAPE_LENGTH = '\\u0000'.length;

/** Whether the backslash at `at` is itself what another one stands before. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === '\\') start--;
  return (at - start) % 2 === 1;
}

/** Longest piece of the input an error repeats. */
const QUOTED = 200;

function syntaxError(text: string, at: number): JsonSyntaxError {
  const line = text.slice(0, at).split('\n').length;
  const rest = text.slice(at, at + QUOTED).split('\n', 1)[0]!;
  return new JsonSyntaxError(`syntax error at line ${line} near: ${rest.toWellFormed()}`);
}

/**
 * The value `text` stands for, all of whose strings are well-formed Unicode; integers of 16 digits and more come as strings, which {@link readJsonMessage} accepts.
 * Throws JsonSyntaxError, whose text names the line and what stands there.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(quoteLongIntegers(text));
  } catch {
    throw syntaxError(text, errorOffset(text));
  }
  const lone = loneSurrogateOffset(text);
  if (lone !== undefined) throw syntaxError(text, lone);
  return value;
}
