/** What an independent checker found. Ends the run. */
export class Violation extends Error {
  override readonly name = 'Violation';
}
