/**
 * A vitest reporter that writes down what happened as it happens, one JSON record a line, so that a run that crashes
 * halfway still tells what it knew. `vitest-report.mjs` reads it.
 */
import { appendFileSync, writeFileSync } from 'node:fs';

/**
 * @typedef {{ kind: 'begun' | 'ended', file: string }
 *   | { kind: 'passed', name: string }
 *   | { kind: 'failed', name: string, message: string }
 *   | { kind: 'skipped', name: string, reason: string | undefined }
 *   | { kind: 'reason', file: string, text: string }} TestRecord
 */

/**
 * For the `reporters` of a vitest configuration: people see what they always see, and where MESOLITE_TEST_RECORDS names
 * a file, `npm test` gets its records.
 */
export function reporters() {
  const path = process.env['MESOLITE_TEST_RECORDS'];
  return ['default', ...(path === undefined ? [] : [new CountingReporter(path)])];
}

/** Tests that cannot run on a machine print a line that begins like this. */
const REASON = /^skipped: (.+)$/gim;

export class CountingReporter {
  #path;

  /** @param {string} path of the file to write */
  constructor(path) {
    this.#path = path;
  }

  onInit() {
    writeFileSync(this.#path, '');
  }

  onTestModuleQueued(module) {
    this.#write({ kind: 'begun', file: module.relativeModuleId });
  }

  onUserConsoleLog(log) {
    // While a file is loaded vitest names the place that prints; it may be one that several tests share.
    const file = /^(.*?\.test\.[a-z]+)/.exec(log.taskId ?? '')?.[1] ?? '';
    for (const [, text] of log.content.matchAll(REASON)) this.#write({ kind: 'reason', file, text });
  }

  onTestModuleEnd(module) {
    const file = module.relativeModuleId;
    let failed = false;
    for (const test of module.children.allTests()) {
      const name = `${file} > ${test.fullName}`;
      const result = test.result();
      if (result.state === 'passed') this.#write({ kind: 'passed', name });
      else if (result.state === 'skipped') this.#write({ kind: 'skipped', name, reason: result.note });
      else {
        failed = true;
        this.#write({ kind: 'failed', name, message: messageOf(result.errors) || `ended as ${result.state}` });
      }
    }
    // What fails outside of any test: a file that does not load, a hook.
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length === 0) continue;
      failed = true;
      this.#write({ kind: 'failed', name: `${file} > ${suite.fullName}`, message: messageOf(suite.errors()) });
    }
    const errors = module.errors();
    if (errors.length > 0) this.#write({ kind: 'failed', name: file, message: messageOf(errors) });
    else if (module.state() === 'failed' && !failed) {
      this.#write({ kind: 'failed', name: file, message: 'the file failed outside its tests' });
    }
    this.#write({ kind: 'ended', file });
  }

  onTestRunEnd(_modules, unhandledErrors) {
    for (const error of unhandledErrors) {
      this.#write({ kind: 'failed', name: 'outside of any test', message: messageOf([error]) });
    }
  }

  /** @param {TestRecord} record */
  #write(record) {
    appendFileSync(this.#path, `${JSON.stringify(record)}\n`);
  }
}

/** The message first: stacks of timeouts do not repeat it. */
function messageOf(errors) {
  return (errors ?? [])
    .map(({ name = 'Error', message = 'no message', stack = '' }) => {
      const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
      return [`${name}: ${message}`, ...frames].join('\n');
    })
    .join('\n');
}
