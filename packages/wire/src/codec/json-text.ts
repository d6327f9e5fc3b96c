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

/** Longest piece of the input an error repeats. */
const QUOTED = 200;

function syntaxError(text: string): JsonSyntaxError {
  const at = errorOffset(text);
  const line = text.slice(0, at).split('\n').length;
  const rest = text.slice(at, at + QUOTED).split('\n', 1)[0]!;
  return new JsonSyntaxError(`syntax error at line ${line} near: ${rest}`);
}

/**
 * The value `text` stands for; integers of 16 digits and more come as strings, which {@link readJsonMessage} accepts.
 * Throws JsonSyntaxError, whose text names the line and what stands there.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(quoteLongIntegers(text));
  } catch {
    throw syntaxError(text);
  }
}
