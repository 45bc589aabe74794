import type { Output } from "../context.js";

/** Written at once when this many characters wait. */
const FULL = 16 * 1024;

/** Collects lines and writes them together: ten thousand lines are not ten thousand system calls. */
export class LineBuffer {
  readonly #stream: () => Output;
  #waiting = "";
  #scheduled = false;

  /** @param stream asked for only when there is something to write */
  constructor(stream: () => Output) {
    this.#stream = stream;
  }

  line(text: string): void {
    this.#waiting += `${text}\n`;
    if (this.#waiting.length >= FULL) {
      this.flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
  }

  flush(): void {
    if (this.#waiting === "") return;
    const text = this.#waiting;
    this.#waiting = "";
    this.#stream().write(text);
  }
}
