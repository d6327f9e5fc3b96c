/** Where a program tells people what it does. Texts are for operators; nothing parses them. */

export type LogLevel = 'INFO' | 'WARNING' | 'ERROR';

/** Where a daemon tells an operator what happened. One line an event; values go into the text. */
export interface Log {
  info(text: string): void;
  warning(text: string): void;
  error(text: string): void;
  /** True when nobody will ever read it: texts that cost much need not be made. */
  readonly silent?: boolean;
}

export const silentLog: Log = { silent: true, info: () => {}, warning: () => {}, error: () => {} };
