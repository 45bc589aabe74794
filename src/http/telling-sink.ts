import type { ResponseHead, Sink } from "./response.js";

/** A sink that does what another does. @param tell gets each response's head before it */
export function tellingSink(sink: Sink, tell: (head: ResponseHead) => void): Sink {
  return {
    takes: (head) => sink.takes?.(head) !== false,
    onResponse: (head) => {
      tell(head);
      sink.onResponse(head);
    },
    onChunk: (chunk) => sink.onChunk(chunk),
  };
}
