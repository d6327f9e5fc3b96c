/**
 * How large a program a regular expression in RE2 syntax asks for, told from its text alone, in time linear in it.
 * Engines write counted repetitions out before anybody can ask how long the result is: this is for refusing before.
 * Must never call a pattern large that an engine compiles to little, and need not see what is wrong with a pattern.
 */

/** A reckoned size is never more than that many times the real one: alike branches may be spelled differently. */
const MISJUDGED = 4;
/** Classes by Unicode property take an engine a tenth of a millisecond each, though they are one instruction. */
const MOST_PROPERTIES = 200;
/** Code points in ranges of classes that ignore case; an engine folds them one by one, some 30 in a microsecond. */
const MOST_FOLDED = 500_000;
/** Beyond it nothing has another case. */
const LAST_FOLDED = 0x1e943;

interface Piece {
  /** Instructions. */
  readonly size: number;
  /** Equal for pieces that engines share when adjacent branches begin with them; unset: never shared. */
  readonly key?: string | undefined;
  /** One character or class: adjacent branches of these become one class. */
  readonly single?: boolean | undefined;
  /** Its outermost operator: the same one again adds nothing. */
  readonly operator?: string | undefined;
}

interface Group {
  readonly captures: boolean;
  readonly flagsBefore: string;
  /** Of all branches but the one that is being read. */
  size: number;
  branches: number;
  before: readonly Piece[];
  pieces: Piece[];
}

/** Whether compiling `pattern` surely yields more than `instructions`, or takes long for its classes. */
export function outgrows(pattern: string, instructions: number): boolean {
  const reading = new PatternReading(pattern);
  const size = reading.size();
  return size > instructions * MISJUDGED || reading.properties > MOST_PROPERTIES || reading.folded > MOST_FOLDED;
}

const COUNTED = /\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/y;
const ESCAPE =
  /\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|([1-7][0-7]{1,2}|0[0-7]{0,2})|([pP])(?:\{[^}]*\}|.?)|(.))/suy;
const OPENING = /\((?:\?(?:P?<[^>]*>|([imsU-]*)([:)])))?/y;
const LARGEST_COUNT = 1000;

class PatternReading {
  properties = 0;
  folded = 0;
  readonly #text: string;
  #at = 0;
  #flags = '';
  readonly #outer: Group[] = [];
  #group: Group = newGroup(false, '');

  constructor(text: string) {
    this.#text = text;
  }

  /** 0 for what engines refuse by its text alone. */
  size(): number {
    while (this.#at < this.#text.length) if (!this.#step()) return 0;
    while (this.#outer.length > 0) this.#leave();
    endBranch(this.#group);
    return this.#group.size;
  }

  /** Reads one piece or sign; false when it is none. */
  #step(): boolean {
    const sign = this.#text[this.#at]!;
    switch (sign) {
      case '(':
        return this.#enter();
      case ')':
        if (this.#outer.length === 0) return false;
        this.#at++;
        this.#leave();
        return true;
      case '|':
        this.#at++;
        endBranch(this.#group);
        return true;
      case '*':
      case '+':
      case '?':
        return this.#repeat(sign);
      case '{':
        return this.#count();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '^':
      case '$':
        this.#at++;
        this.#group.pieces.push({ size: 1 });
        return true;
      default:
        this.#character();
        return true;
    }
  }

  #enter(): boolean {
    const opened = this.#match(OPENING);
    if (opened === undefined) return false;
    const [whole, flags, end] = opened;
    if (end === undefined && this.#text[this.#at] === '?') return false;
    const before = this.#flags;
    if (flags !== undefined) this.#flags = changedFlags(before, flags);
    if (end === ')') return true;
    this.#outer.push(this.#group);
    this.#group = newGroup(flags === undefined, before);
    return whole !== '';
  }

  #leave(): void {
    const group = this.#group;
    const only = group.branches === 0 && group.pieces.length === 1 ? group.pieces[0] : undefined;
    endBranch(group);
    this.#flags = group.flagsBefore;
    this.#group = this.#outer.pop()!;
    if (group.captures) this.#group.pieces.push({ size: group.size + 2 });
    else if (only !== undefined) this.#group.pieces.push(only);
    // Branches of one character each have become a class.
    else this.#group.pieces.push({ size: group.size, single: group.size === 1 });
  }

  #repeat(operator: string): boolean {
    this.#at++;
    if (this.#text[this.#at] === '?') this.#at++;
    const { pieces } = this.#group;
    const piece = pieces.pop();
    if (piece === undefined) return false;
    const adds = piece.size === 0 || piece.operator === operator ? 0 : 1;
    pieces.push({ size: piece.size + adds, operator });
    return true;
  }

  #count(): boolean {
    const counted = this.#match(COUNTED);
    if (counted === undefined) {
      this.#character();
      return true;
    }
    const least = Number(counted[1]);
    const most = counted[2] === undefined ? least : counted[3] === undefined ? undefined : Number(counted[3]);
    if (least > LARGEST_COUNT || (most !== undefined && (most > LARGEST_COUNT || most < least))) return false;
    if (this.#text[this.#at] === '?') this.#at++;
    const { pieces } = this.#group;
    const piece = pieces.pop();
    if (piece === undefined) return false;
    if (piece.size === 0 || most === 0) {
      pieces.push({ size: 0 });
      return true;
    }
    const copies = most ?? Math.max(1, least);
    const choices = most === undefined ? 1 : most - least;
    const shared = most === least && piece.single && piece.key !== undefined;
    pieces.push({ size: piece.size * copies + choices, key: shared ? `${piece.key}{${least}}` : undefined });
    return true;
  }

  #escape(): boolean {
    const from = this.#at;
    if (this.#text.startsWith('\\Q', from)) {
      const end = this.#text.indexOf('\\E', from);
      const last = end < 0 ? this.#text.length : end;
      this.#at += 2;
      while (this.#at < last) this.#character();
      this.#at = end < 0 ? last : end + 2;
      return true;
    }
    const escaped = this.#match(ESCAPE);
    if (escaped === undefined) return false;
    if (escaped[4] !== undefined) this.properties++;
    if (escaped[5] !== undefined && 'AbBz'.includes(escaped[5])) this.#group.pieces.push({ size: 1 });
    else this.#single(from);
    return true;
  }

  /** One class; false when it never ends. */
  #class(): boolean {
    const text = this.#text;
    const from = this.#at;
    this.#at += text[from + 1] === '^' ? 2 : 1;
    let first = true;
    for (; this.#at < text.length; first = false) {
      if (text[this.#at] === ']' && !first) {
        this.#at++;
        this.#single(from);
        return true;
      }
      const named = text.startsWith('[:', this.#at) ? text.indexOf(':]', this.#at) : -1;
      if (named >= 0) {
        this.#at = named + 2;
        continue;
      }
      const low = this.#classCharacter();
      if (text[this.#at] !== '-' || text[this.#at + 1] === ']') continue;
      this.#at++;
      const high = this.#classCharacter();
      if (this.#flags.includes('i') && low !== undefined && high !== undefined)
        this.folded += Math.max(0, Math.min(high, LAST_FOLDED) - low);
    }
    return false;
  }

  /** The code point that stands here in a class; nothing where it is a class itself. */
  #classCharacter(): number | undefined {
    const escaped = this.#match(ESCAPE);
    if (escaped === undefined) {
      const code = this.#text.codePointAt(this.#at) ?? 0;
      this.#at += code > 0xffff ? 2 : 1;
      return code;
    }
    if (escaped[1] !== undefined || escaped[2] !== undefined) return Number.parseInt(escaped[1] ?? escaped[2]!, 16);
    if (escaped[3] !== undefined) return Number.parseInt(escaped[3], 8);
    if (escaped[4] !== undefined) this.properties++;
    return escaped[5]?.codePointAt(0);
  }

  #character(): void {
    const from = this.#at;
    this.#at += this.#text.codePointAt(from)! > 0xffff ? 2 : 1;
    this.#single(from);
  }

  #single(from: number): void {
    const key = `${this.#flags}:${this.#text.slice(from, this.#at)}`;
    this.#group.pieces.push({ size: 1, key, single: true });
  }

  /** What `expression` finds exactly here, and goes on behind it. */
  #match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#at += found[0].length;
    return found;
  }
}

function newGroup(captures: boolean, flagsBefore: string): Group {
  return { captures, flagsBefore, size: 0, branches: 0, before: [], pieces: [] };
}

/** Counts the branch that was read, without what it shares with the one before it. */
function endBranch(group: Group): void {
  const { pieces, before } = group;
  let shared = 0;
  while (shared < before.length && pieces[shared]?.key !== undefined && pieces[shared]!.key === before[shared]!.key)
    shared++;
  const rest = pieces.length - shared;
  const restBefore = before.length - shared;
  const isNew = group.branches > 0 && rest + restBefore > 0;
  const joins = isNew && rest === 1 && restBefore === 1 && pieces[shared]!.single && before[shared]!.single;
  if (!joins) {
    for (let at = shared; at < pieces.length; at++) group.size += pieces[at]!.size;
    if (isNew) group.size++;
  }
  group.branches++;
  group.before = pieces;
  group.pieces = [];
}

/** Flags as letters in order; `changes` as in `(?im-s)`. */
function changedFlags(flags: string, changes: string): string {
  const [on = '', off = ''] = changes.split('-');
  return [...'imsU'].filter((flag) => (flags.includes(flag) || on.includes(flag)) && !off.includes(flag)).join('');
}
