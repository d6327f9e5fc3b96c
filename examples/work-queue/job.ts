/** What scheduler and executor of the work queue say to each other: JSON in `TaskInfo.data` and `TaskStatus.data`. */

/** Count the primes from `from` up to, not including, `to`. */
export interface Job {
  readonly from: number;
  readonly to: number;
}

export interface JobResult extends Job {
  readonly primes: number;
  /** Process that did the work: tasks of one executor share it. */
  readonly pid: number;
}

export function encode(value: Job | JobResult): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

export function decodeJob(data: Uint8Array | undefined): Job {
  const { from, to } = JSON.parse(Buffer.from(data ?? []).toString()) as Job;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to))
    throw new Error('a job needs whole numbers from and to');
  return { from, to };
}

export function decodeResult(data: Uint8Array | undefined): JobResult {
  return JSON.parse(Buffer.from(data ?? []).toString()) as JobResult;
}
