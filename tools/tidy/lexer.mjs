/**
 * Cuts TypeScript or JavaScript into tokens, well enough to tell code from comments, strings and regular expressions.
 * It understands no grammar: rules look at short runs of tokens.
 */

/** @typedef {'comment' | 'string' | 'template' | 'regex' | 'word' | 'number' | 'punctuation'} TokenKind */
/** @typedef {{ kind: TokenKind, text: string, line: number }} Token `text` of a string is without its quotes */

/** After these words a slash begins a regular expression. */
const BEFORE_REGEX = new Set(
  'return typeof case in of delete void throw new else do await yield instanceof extends default'.split(' '),
);
const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /\d[\w.]*/y;

/**
 * @param {string} source
 * @returns {Token[]}
 */
export function tokenize(source) {
  /** @type {Token[]} */
  const tokens = [];
  /** For every open brace whether it belongs to a template's `${`. @type {boolean[]} */
  const braces = [];
  let position = 0;
  let line = 1;

  /** @param {TokenKind} kind @param {number} end @param {string} [text] */
  const push = (kind, end, text = source.slice(position, end)) => {
    tokens.push({ kind, text, line });
    for (let i = position; i < end; i += 1) if (source[i] === '\n') line += 1;
    position = end;
  };

  /** From just after a backtick or a closing brace up to and with the next backtick or `${`. */
  const template = () => {
    let end = position;
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end))
      end += source[end] === '\\' ? 2 : 1;
    const text = source.slice(position, end);
    if (source.startsWith('${', end)) {
      braces.push(true);
      push('template', end + 2, text);
    } else {
      push('template', Math.min(end + 1, source.length), text);
    }
  };

  const regexMayFollow = () => {
    const last = tokens.findLast((token) => token.kind !== 'comment');
    if (last === undefined) return true;
    if (last.kind === 'word') return BEFORE_REGEX.has(last.text);
    return last.kind === 'punctuation' && !')]}'.includes(last.text);
  };

  if (source.startsWith('#!')) push('comment', endOfLine(source, 0));
  while (position < source.length) {
    const character = source[position];
    if (character === '\n') {
      line += 1;
      position += 1;
    } else if (/\s/.test(character)) {
      position += 1;
    } else if (source.startsWith('//', position)) {
      push('comment', endOfLine(source, position));
    } else if (source.startsWith('/*', position)) {
      const end = source.indexOf('*/', position + 2);
      push('comment', end < 0 ? source.length : end + 2);
    } else if (character === "'" || character === '"') {
      const end = endOfQuoted(source, position, character);
      push('string', end, source.slice(position + 1, end - 1));
    } else if (character === '`') {
      position += 1;
      template();
    } else if (character === '/' && regexMayFollow()) {
      push('regex', endOfRegex(source, position));
    } else if (character === '{') {
      braces.push(false);
      push('punctuation', position + 1);
    } else if (character === '}') {
      const ofTemplate = braces.pop() === true;
      position += 1;
      if (ofTemplate) template();
      else {
        position -= 1;
        push('punctuation', position + 1);
      }
    } else {
      const end = match(WORD, source, position) ?? match(NUMBER, source, position);
      if (end === undefined) push('punctuation', position + 1);
      else push(/\d/.test(character) ? 'number' : 'word', end);
    }
  }
  return tokens;
}

/** @param {string} source @param {number} from */
function endOfLine(source, from) {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

/** @param {string} source @param {number} from @param {string} quote */
function endOfQuoted(source, from, quote) {
  let end = from + 1;
  while (end < source.length && source[end] !== quote && source[end] !== '\n') end += source[end] === '\\' ? 2 : 1;
  return Math.min(end + 1, source.length);
}

/** @param {string} source @param {number} from */
function endOfRegex(source, from) {
  let end = from + 1;
  let inClass = false;
  while (end < source.length && source[end] !== '\n' && (inClass || source[end] !== '/')) {
    if (source[end] === '[') inClass = true;
    else if (source[end] === ']') inClass = false;
    end += source[end] === '\\' ? 2 : 1;
  }
  end += 1;
  while (/[a-z]/.test(source[end] ?? '')) end += 1;
  return Math.min(end, source.length);
}

/** @param {RegExp} pattern sticky @param {string} source @param {number} from */
function match(pattern, source, from) {
  pattern.lastIndex = from;
  return pattern.test(source) ? pattern.lastIndex : undefined;
}
