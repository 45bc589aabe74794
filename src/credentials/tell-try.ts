import type { Context } from "../context.js";
import { type Endpoint, shownEndpoint } from "./endpoint.js";
import type { Outcome } from "./request-once.js";

/** Agents give an id to a request under one of these names. */
const IDS = ["x-amz-request-id", "x-amzn-requestid"];

/**
 * One request in one line for `--debug`: what was asked, what answered, under which id, and after how long.
 *
 * @param text  of the request
 * @param address  of the endpoint's, that was asked
 * @param ms  that it took
 */
export function tellTry(
  text: string,
  endpoint: Endpoint,
  address: string,
  { response, trouble }: Outcome,
  ms: number,
  { debug }: Pick<Context, "debug">,
): void {
  const at = address === endpoint.host ? "" : ` (${address})`;
  const status = response?.status ?? "no response";
  const ids = IDS.flatMap((name) => {
    const id = response?.headers[name];
    return id ? `, ${name} ${id}` : [];
  }).join("");
  const detail = trouble?.detail === undefined ? "" : ` (${trouble.detail})`;
  const what = trouble === undefined ? "" : `: ${trouble.reason}${detail}`;
  const [method] = text.split(" ");
  debug(`${method} ${shownEndpoint(endpoint)}${at}: ${status} in ${Math.round(ms)} ms${ids}${what}`);
}
