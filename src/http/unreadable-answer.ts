/** The bytes of a connection are no answer that can be taken. */
export class UnreadableAnswer extends Error {
  /**
   * `malformed`: they are not HTTP, or break a rule whose breach has been used to smuggle one answer into another;
   * `too-large`: they go beyond what the answer can be.
   */
  readonly reason: "malformed" | "too-large";

  /** @param detail which rule is broken, or what is too large; nothing from the answer itself */
  constructor(reason: "malformed" | "too-large", detail: string) {
    super(detail);
    this.reason = reason;
  }
}
