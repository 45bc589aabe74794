import type { Context } from "../context.js";
import type { WireRequest } from "../http/request.js";
import type { Response, ResponseHead, Sink } from "../http/response.js";
import { tellingSink } from "../http/telling-sink.js";
import { systemError } from "../system-error.js";
import { shownRequestIds } from "./request-id.js";
import { hidesError, ServerError } from "./server-error.js";

type Telling = Pick<Context, "debug" | "debugging" | "now">;

/** ` AccessDenied`, where an error has a code of its own. */
function codeOf(response: Response, operation: string): string {
  if (response.status < 300 && !hidesError(response)) return "";
  const { code, explained } = new ServerError(response, operation);
  return explained ? ` ${code}` : "";
}

/**
 * Sends a request, and says in one line for `--debug` what was asked, what answered, under which id, and after how long;
 * also when nothing answered, or not to the end.
 *
 * @param operation S3's or STS' name for it
 * @param exchange sends it
 */
export function tracedRequest(
  operation: string,
  request: WireRequest,
  sink: Sink | undefined,
  telling: Telling,
  exchange: (sink: Sink | undefined) => Promise<Response>,
): Promise<Response> {
  return telling.debugging ? traced(operation, request, sink, telling, exchange) : exchange(sink);
}

async function traced(
  operation: string,
  { method, origin, path }: WireRequest,
  sink: Sink | undefined,
  { debug, now }: Telling,
  exchange: (sink: Sink | undefined) => Promise<Response>,
): Promise<Response> {
  const began = now();
  const seen: { head?: ResponseHead } = {};
  const say = (what: string) => debug(`${operation} ${method} ${origin}${path}: ${what}`);
  const after = () => `${Math.round(now() - began)} ms`;
  try {
    const watched =
      sink &&
      tellingSink(sink, (head) => {
        seen.head = head;
      });
    const response = await exchange(watched);
    say(`${response.status}${codeOf(response, operation)} in ${after()}${shownRequestIds(response.headers)}`);
    return response;
  } catch (error) {
    const { head } = seen;
    const status = head === undefined ? "no response" : `${head.status}, and not to its end,`;
    const ids = head === undefined ? "" : shownRequestIds(head.headers);
    say(`${status} in ${after()}${ids}: ${systemError(error).message}`);
    throw error;
  }
}
