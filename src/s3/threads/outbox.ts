/** Gathers what is put in during one turn of the event loop, and hands it over at its end: a message costs more than its content. */
export class Outbox {
  readonly #post: () => void;
  #planned = false;

  /** @param post hands over all that has been gathered */
  constructor(post: () => void) {
    this.#post = post;
  }

  /** Something is to be handed over. */
  plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      this.#post();
    });
  }
}
