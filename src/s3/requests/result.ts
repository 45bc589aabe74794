import { hidesError } from "../../aws/server-error.js";
import { childText, parseXml, type XmlElement } from "../../aws/xml/parse.js";
import { isTaken, type Response, type Sink } from "../../http/response.js";
import type { S3Request } from "./request.js";

/** Whether a response names the object, or part, that was stored: what S3 answers to PutObject and UploadPart. */
export function hasEtag({ headers }: Response): boolean {
  return /[^\s"]/.test(headers.etag ?? "");
}

/** Whether a PUT may be done though its response says nothing, as that of some stores: what is stored tells. */
export function saysNothing({ status, body }: Response): boolean {
  return (status === 200 || status === 204) && body.length === 0;
}

function rootOf({ body }: Response, name: string): XmlElement | undefined {
  const root = parseXml(body.toString());
  return root?.name === name ? root : undefined;
}

/**
 * The text of an element in the result of an operation.
 *
 * @param result name of the document's root, such as `CopyObjectResult`
 * @returns undefined when the response is not that document, or is cut short, or the element is missing or empty
 */
export function resultText(response: Response, result: string, name: string): string | undefined {
  return childText(rootOf(response, result), name) || undefined;
}

/** Whether a response is the result of an operation, with that element in it. */
export const hasResult =
  (result: string, name: string) =>
  (response: Response): boolean =>
    resultText(response, result, name) !== undefined;

/** Whether a response is that document, be it empty. */
export const isDocument =
  (root: string) =>
  (response: Response): boolean =>
    rootOf(response, root) !== undefined;

/**
 * Whether a response says that something is deleted: S3's is 204, that of some stores 200 with nothing in it. 202 is a promise
 * (RFC 9110, 15.3.3), and a text is somebody else's.
 */
export function isDeleted({ status, body }: Response): boolean {
  return status === 204 || (status === 200 && body.toString().trim() === "");
}

/** The status alone does not tell; a sink looks at its responses itself. */
export function isSuccess({ sink, isDone }: S3Request, response: Response): boolean {
  if (response.status >= 300) return false;
  return isTaken(sink, response) || (!hidesError(response) && isDone?.(response) !== false);
}

/** Gives a sink what was kept until it was clear that it is no error. */
export function handOver(sink: Sink | undefined, response: Response): void {
  if (sink === undefined || isTaken(sink, response)) return;
  sink.onResponse(response);
  if (response.body.length > 0) sink.onChunk(response.body);
}
