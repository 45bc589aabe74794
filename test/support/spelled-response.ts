import type { Response } from "./s3-server/operation.js";
import type { S3Request } from "./s3-server/s3-request.js";

/** How a response is written. */
export interface Spelling {
  readonly version: "1.0" | "1.1";
  /** How its body ends. */
  readonly framing: "length" | "chunks" | "close";
  /** What stands before it. */
  readonly before?: string;
}

function chunked(body: Buffer): Buffer {
  const pieces =
    body.length === 0 ? [] : [body.subarray(0, body.length >> 1), body.subarray(body.length >> 1)];
  const chunks = pieces
    .filter(({ length }) => length > 0)
    .map((piece) =>
      Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]),
    );
  return Buffer.concat([...chunks, Buffer.from("0\r\n\r\n")]);
}

/** The bytes of a response, behind which the connection ends. */
export function spelled(
  answer: Response,
  request: S3Request,
  { version, framing, before = "" }: Spelling,
): Buffer {
  const isHead = request.method === "HEAD";
  const isEmpty = answer.status === 204 || answer.status === 304;
  const { "content-length": length, ...others } = answer.headers;
  const headers: Record<string, unknown> = { date: new Date().toUTCString(), connection: "close", ...others };
  if (isHead || (framing === "length" && !isEmpty)) headers["content-length"] = length ?? answer.body.length;
  else if (framing === "chunks" && !isEmpty) headers["transfer-encoding"] = "chunked";
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${before}HTTP/${version} ${answer.status} X\r\n${lines.join("")}\r\n`;
  if (isHead || isEmpty) return Buffer.from(head, "latin1");
  const body = framing === "chunks" ? chunked(answer.body) : answer.body;
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
}
