/** Status and headers of a response; names in lower case, repeated ones joined by a comma. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A response with its body, which is empty when a sink took it. */
export interface Response extends ResponseHead {
  readonly body: Buffer;
}

/** Takes the body of a response that is a success (2xx) as it comes. */
export interface Sink {
  /** Whether the response is for the sink; otherwise its body is kept, as an error's is. Absent: every success is. */
  takes?(response: ResponseHead): boolean;
  /** Before the body; may throw to refuse the response. */
  onResponse(response: ResponseHead): void;
  /**
   * `chunk` is valid during the call only. May throw to refuse the rest.
   *
   * @returns what has to end before more is read; undefined: nothing
   */
  onChunk(chunk: Buffer): Promise<void> | undefined;
}

/** Whether the sink takes the response's body as it comes. */
export function isTaken(sink: Sink | undefined, response: ResponseHead): boolean {
  return sink !== undefined && response.status < 300 && sink.takes?.(response) !== false;
}
