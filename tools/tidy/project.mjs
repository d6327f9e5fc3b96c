/** What rules look at: the repository's files, each cut into tokens once, and its packages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from '../repository/layout.mjs';
import { importsOf } from './imports.mjs';
import { tokenize } from './lexer.mjs';

const CODE = /\.(ts|tsx|mts|mjs|js|cjs)$/;
const TEXT =
  /(\.(ts|tsx|mts|mjs|js|cjs|json|jsonc|md|yml|yaml|toml|sh|proto|txt|html|css|py|go|java)|\/run|LICENSE|NOTICE|\.gitignore)$/;
/** Written by programs. */
const GENERATED = /(^|\/)generated\/|^bench\/results\/|^package-lock\.json$/;

/** @typedef {{ path: string, line: number, message: string }} Finding */
/** @typedef {{ name: string, check: (project: Project) => Finding[] }} Rule */
/** @typedef {{ name: string, exports?: Record<string, any>, bin?: Record<string, string>, dependencies?: Record<string, string>, devDependencies?: Record<string, string> }} Manifest */

export class SourceFile {
  /** @param {string} path relative, with forward slashes @param {string} text */
  constructor(path, text) {
    this.path = path;
    this.text = text;
    this.isCode = CODE.test(path);
    this.isGenerated = GENERATED.test(path);
    this.isTest = /(^|\/)test\//.test(path) || /\.test\.[a-z]+$/.test(path);
    /** Name of the directory in packages/, or undefined outside. */
    this.packageName = /^packages\/([^/]+)\//.exec(path)?.[1];
    this.isPackageSource = /^packages\/[^/]+\/src\//.test(path) && this.isCode;
  }

  /** @type {import('./lexer.mjs').Token[] | undefined} */
  #tokens;
  /** @type {import('./imports.mjs').Import[] | undefined} */
  #imports;

  get tokens() {
    this.#tokens ??= this.isCode ? tokenize(this.text) : [];
    return this.#tokens;
  }

  /** Tokens without comments. */
  get code() {
    return this.tokens.filter((token) => token.kind !== 'comment');
  }

  get imports() {
    this.#imports ??= importsOf(this.tokens);
    return this.#imports;
  }
}

export class Project {
  /** @param {Record<string, string>} texts by path; also the manifests */
  constructor(texts) {
    this.files = Object.entries(texts).map(([path, text]) => new SourceFile(path, text));
    this.paths = new Set(Object.keys(texts));
    /** By directory name. @type {Map<string, Manifest>} */
    this.packages = new Map();
    for (const [path, text] of Object.entries(texts)) {
      const directory = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1];
      if (directory !== undefined) this.packages.set(directory, JSON.parse(text));
    }
  }

  /** @param {string} root */
  static read(root) {
    const paths = filesUnder(root).filter((path) => TEXT.test(`/${path}`));
    return new Project(Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])));
  }
}
