/** Tells who leads. `undefined` while nobody does. */
export interface Detector<Leader> {
  /** Calls `changed` at once with what is known and at every change; returns how to stop. */
  watch(changed: (leader: Leader | undefined) => void): () => void;
}
