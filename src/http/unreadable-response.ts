/** The bytes of a connection are no response that can be taken. */
export class UnreadableResponse extends Error {
  /**
   * `malformed`: they are not HTTP, or break a rule whose breach has been used to smuggle one response into another;
   * `too-large`: they go beyond what the response can be.
   */
  readonly reason: "malformed" | "too-large";

  /** @param detail which rule is broken, or what is too large; nothing from the response itself */
  constructor(reason: "malformed" | "too-large", detail: string) {
    super(detail);
    this.reason = reason;
  }
}
