import { Cancellation } from "../../src/http/cancellation.js";

/** A cancellation that knows how many listen to it. */
export class Counting extends Cancellation {
  listening = 0;

  override onCancel(listener: (reason: Error) => void): () => void {
    const release = super.onCancel(listener);
    this.listening++;
    return () => {
      this.listening--;
      release();
    };
  }
}
