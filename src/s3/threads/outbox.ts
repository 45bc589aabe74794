/**
 * Says when what has gathered is to be handed over: at the end of this turn of the event loop, or, where nobody waits for
 * it, within a tenth of a second. A message between threads costs more than what is in it.
 */
export class Outbox {
  readonly #post: () => void;
  #planned = false;
  #later: NodeJS.Timeout | undefined;

  /** @param post hands over all that has gathered */
  constructor(post: () => void) {
    this.#post = post;
  }

  soon(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      clearTimeout(this.#later);
      this.#later = undefined;
      this.#post();
    });
  }

  later(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      this.soon();
    }, 100);
  }
}
