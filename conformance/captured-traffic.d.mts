export interface CapturedMessage {
  readonly start: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly chunks: readonly Buffer[] | undefined;
  readonly complete: boolean;
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
export declare function readExchange(path: string): CapturedExchange;
