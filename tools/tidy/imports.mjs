/** Finds what a module imports, from its tokens. */

/**
 * @typedef {{ specifier: string, line: number, typeOnly: boolean }} Import
 * @param {import('./lexer.mjs').Token[]} tokens
 * @returns {Import[]}
 */
export function importsOf(tokens) {
  const code = tokens.filter((token) => token.kind !== 'comment');
  /** @type {Import[]} */
  const found = [];
  code.forEach((token, index) => {
    if (token.kind !== 'word' || code[index - 1]?.text === '.') return;
    if (token.text === 'import') {
      const specifier = importedBy(code, index);
      if (specifier !== undefined) found.push({ specifier, line: token.line, typeOnly: isTypeOnly(code, index) });
    } else if (token.text === 'export') {
      const specifier = reexportedBy(code, index);
      if (specifier !== undefined)
        found.push({ specifier, line: token.line, typeOnly: code[index + 1]?.text === 'type' });
    }
  });
  return found;
}

/** @param {import('./lexer.mjs').Token[]} code @param {number} index of the word `import` */
function importedBy(code, index) {
  const next = code[index + 1];
  if (next?.kind === 'string') return next.text;
  if (next?.text === '(') return code[index + 2]?.kind === 'string' ? code[index + 2]?.text : undefined;
  if (next?.text === '.') return undefined;
  for (let i = index + 1; i < code.length && code[i]?.text !== ';'; i += 1) {
    if (code[i]?.text === 'from' && code[i + 1]?.kind === 'string') return code[i + 1]?.text;
  }
  return undefined;
}

/** @param {import('./lexer.mjs').Token[]} code @param {number} index of the word `import` */
function isTypeOnly(code, index) {
  // `typeof import('x')` and `import('x').Y` as types leave nothing behind either, but look like calls: counted as values.
  return code[index + 1]?.text === 'type' && code[index + 2]?.text !== 'from';
}

/** @param {import('./lexer.mjs').Token[]} code @param {number} index of the word `export` */
function reexportedBy(code, index) {
  let i = index + 1;
  if (code[i]?.text === 'type') i += 1;
  if (code[i]?.text === '*') {
    i += code[i + 1]?.text === 'as' ? 3 : 1;
  } else if (code[i]?.text === '{') {
    while (i < code.length && code[i]?.text !== '}') i += 1;
    i += 1;
  } else return undefined;
  return code[i]?.text === 'from' && code[i + 1]?.kind === 'string' ? code[i + 1]?.text : undefined;
}
