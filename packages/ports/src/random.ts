/** Randomness handed in: real entropy in daemons, a seeded stream in the simulator. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  bytes(length: number): Uint8Array;
}
