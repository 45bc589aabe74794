import { hidesError } from "../../aws/server-error.js";
import { childText, parseXml, type XmlElement } from "../../aws/xml/parse.js";
import { type Answer, isTaken, type Sink } from "../../http/answer.js";
import type { S3Request } from "./request.js";

/** Whether an answer names the object, or part, that was stored: what S3 answers to PutObject and UploadPart. */
export function hasEtag({ headers }: Answer): boolean {
  return /[^\s"]/.test(headers.etag ?? "");
}

/** Whether a PUT may be done though its answer says nothing, as that of some stores: what is stored tells. */
export function isSilent({ status, body }: Answer): boolean {
  return (status === 200 || status === 204) && body.length === 0;
}

function rootOf({ body }: Answer, name: string): XmlElement | undefined {
  const root = parseXml(body.toString());
  return root?.name === name ? root : undefined;
}

/**
 * The text of an element in the result of an operation.
 *
 * @param result name of the document's root, such as `CopyObjectResult`
 * @returns undefined when the answer is not that document, or is cut short, or the element is missing or empty
 */
export function resultText(answer: Answer, result: string, name: string): string | undefined {
  return childText(rootOf(answer, result), name) || undefined;
}

/** Whether an answer is the result of an operation, with that element in it. */
export const hasResult =
  (result: string, name: string) =>
  (answer: Answer): boolean =>
    resultText(answer, result, name) !== undefined;

/** Whether an answer is that document, be it empty. */
export const isDocument =
  (root: string) =>
  (answer: Answer): boolean =>
    rootOf(answer, root) !== undefined;

/**
 * Whether an answer says that something is deleted: S3's is 204, that of some stores 200 with nothing in it. 202 is a promise
 * (RFC 9110, 15.3.3), and a text is somebody else's.
 */
export function isDeleted({ status, body }: Answer): boolean {
  return status === 204 || (status === 200 && body.toString().trim() === "");
}

/** The status alone does not tell; a sink looks at its answers itself. */
export function isSuccess({ sink, isDone }: S3Request, answer: Answer): boolean {
  if (answer.status >= 300) return false;
  return isTaken(sink, answer) || (!hidesError(answer) && isDone?.(answer) !== false);
}

/** Gives a sink what was kept until it was clear that it is no error. */
export function handOver(sink: Sink | undefined, answer: Answer): void {
  if (sink === undefined || isTaken(sink, answer)) return;
  sink.onAnswer(answer);
  if (answer.body.length > 0) sink.onChunk(answer.body);
}
