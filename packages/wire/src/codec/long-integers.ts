/**
 * JSON numbers of 16 digits and more (nanoseconds since 1970) would lose their last digits in JSON.parse.
 * They are put in quotes first; the reader accepts numbers as strings, as the original does.
 */
const LONG_RUN = /\d{16}/;
const STRING_OR_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function quoteLongIntegers(text: string): string {
  if (!LONG_RUN.test(text)) return text;
  return text.replace(STRING_OR_INTEGER, (token) =>
    token[0] !== '"' && /^-?\d{16,}$/.test(token) ? `"${token}"` : token,
  );
}
