/** Status and headers of an answer; names in lower case, repeated ones joined by a comma. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer with its body, which is empty when a sink took it. */
export interface Answer extends AnswerHead {
  readonly body: Buffer;
}

/** Takes the body of an answer that is a success (2xx) as it comes. */
export interface Sink {
  /** Whether the answer is for the sink; otherwise its body is kept, as an error's is. Absent: every success is. */
  takes?(answer: AnswerHead): boolean;
  /** Before the body; may throw to refuse the answer. */
  onAnswer(answer: AnswerHead): void;
  /** `chunk` is valid during the call only. May throw to refuse the rest. */
  onChunk(chunk: Buffer): void;
}

/** Whether the sink takes the answer's body as it comes. */
export function isTaken(sink: Sink | undefined, answer: AnswerHead): boolean {
  return sink !== undefined && answer.status < 300 && sink.takes?.(answer) !== false;
}
