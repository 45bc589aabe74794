import type { Context } from "../context.js";
import type { Answer, AnswerHead, Sink } from "../http/answer.js";
import type { WireRequest } from "../http/request.js";
import { systemError } from "../system-error.js";
import { shownRequestIds } from "./request-id.js";
import { hidesError, ServerError } from "./server-error.js";

type Telling = Pick<Context, "debug" | "debugging" | "now">;

/** ` AccessDenied`, where an error has a code of its own. */
function codeOf(answer: Answer, operation: string): string {
  if (answer.status < 300 && !hidesError(answer)) return "";
  const { code, explained } = new ServerError(answer, operation);
  return explained ? ` ${code}` : "";
}

/** The sink, and what it has seen. */
function watched(sink: Sink | undefined, seen: { head?: AnswerHead }): Sink | undefined {
  return (
    sink && {
      takes: (head) => sink.takes?.(head) !== false,
      onAnswer: (head) => {
        seen.head = head;
        sink.onAnswer(head);
      },
      onChunk: (chunk) => sink.onChunk(chunk),
    }
  );
}

/**
 * Sends a request, and says in one line for `--debug` what was asked, what answered, under which id, and after how long;
 * also when nothing answered, or not to the end.
 *
 * @param operation S3's or STS' name for it
 * @param exchange sends it
 */
export async function toldRequest(
  operation: string,
  { method, origin, path }: WireRequest,
  sink: Sink | undefined,
  { debug, debugging, now }: Telling,
  exchange: (sink: Sink | undefined) => Promise<Answer>,
): Promise<Answer> {
  if (!debugging) return exchange(sink);
  const began = now();
  const seen: { head?: AnswerHead } = {};
  const say = (what: string) => debug(`${operation} ${method} ${origin}${path}: ${what}`);
  const after = () => `${Math.round(now() - began)} ms`;
  try {
    const answer = await exchange(watched(sink, seen));
    say(`${answer.status}${codeOf(answer, operation)} in ${after()}${shownRequestIds(answer.headers)}`);
    return answer;
  } catch (error) {
    const { head } = seen;
    const status = head === undefined ? "no answer" : `${head.status}, and not to its end,`;
    const ids = head === undefined ? "" : shownRequestIds(head.headers);
    say(`${status} in ${after()}${ids}: ${systemError(error).message}`);
    throw error;
  }
}
