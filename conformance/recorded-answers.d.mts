export declare function haveRecordedAnswers(): boolean;
export declare function comparable(value: unknown): unknown;
export declare function recordedAnswer(file: string, masterId: string): Record<string, unknown>;
