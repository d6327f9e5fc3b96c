/** Where a program tells people what it does. Texts are for operators; nothing parses them. */

export type LogLevel = 'INFO' | 'WARNING' | 'ERROR';

/** Where a daemon tells an operator what happened. One line an event; values go into the text. */
export interface Log {
  info(text: string): void;
  warning(text: string): void;
  error(text: string): void;
}

export const silentLog: Log = { info: () => {}, warning: () => {}, error: () => {} };
