export interface CapturedMessage {
  readonly start: string;
  /** First line and headers as they were sent, without the empty line after them. */
  readonly head: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly chunks: readonly Buffer[] | undefined;
  /** Where each chunk ends in the bytes of its direction. */
  readonly chunkEnds: readonly number[] | undefined;
  readonly complete: boolean;
  /** Where the message ends in the bytes of its direction. */
  readonly end: number;
}
export interface CapturedTimes {
  readonly c2s: readonly { readonly t: number; readonly end: number }[];
  readonly s2c: readonly { readonly t: number; readonly end: number }[];
  readonly closed: readonly { readonly t: number; readonly by: string }[];
}
export interface CapturedFlow {
  readonly name: string;
  readonly port: number;
  readonly requests: readonly CapturedMessage[];
  readonly responses: readonly CapturedMessage[];
}
export interface CapturedExchange {
  readonly request: CapturedMessage | undefined;
  readonly response: CapturedMessage | undefined;
}
export declare function capturesDirectory(): string | undefined;
export declare function parseHttpStream(bytes: Buffer): CapturedMessage[];
export declare function readFlows(directory: string): CapturedFlow[];
export declare function readTimes(transcriptPath: string): CapturedTimes;
export declare function readExchange(path: string): CapturedExchange;
