import type { Cancellation } from "../../src/http/cancellation.js";

/** From now on, how many listen to a cancellation. */
export function listeningTo(cancellation: Cancellation): () => number {
  let listening = 0;
  const { onCancel } = cancellation;
  cancellation.onCancel = (listener) => {
    listening++;
    const release = onCancel.call(cancellation, listener);
    return () => {
      listening--;
      release();
    };
  };
  return () => listening;
}
