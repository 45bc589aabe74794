import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { PassingResponse, Stage } from "./fault.js";

/** A response as bytes: header and body apart. */
function wireForm(answer: PassingResponse, withoutBody: boolean): { head: Buffer; body: Buffer } {
  const lines = Object.entries({ "content-length": String(answer.body.length), ...answer.headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? "Unknown"}\r\n${lines.join("")}\r\n`;
  return { head: Buffer.from(head, "latin1"), body: withoutBody ? Buffer.alloc(0) : answer.body };
}

/** What of a response is sent before the stage at which it breaks. */
export function bytesUpTo(stage: Stage, answer: PassingResponse, withoutBody: boolean): Buffer {
  const { head, body } = wireForm(answer, withoutBody);
  if (stage === "header") return head.subarray(0, Math.floor(head.length / 2));
  if (stage === "body") return Buffer.concat([head, body.subarray(0, Math.ceil(body.length / 2))]);
  return Buffer.alloc(0);
}

/** Ends a connection the hard way (RST) or in good order (FIN), after `bytes`. */
export function breakOff(socket: Socket, raw: Socket, kind: "reset" | "close", bytes: Buffer): void {
  const end = () => {
    if (kind === "reset") raw.resetAndDestroy();
    else socket.end();
  };
  if (bytes.length === 0) end();
  else socket.write(bytes, () => end());
}

/** Sends a response whose body is longer than its header says. */
export function sendOverlong(socket: Socket, answer: PassingResponse, extra: number): void {
  const { head, body } = wireForm(answer, false);
  socket.write(Buffer.concat([head, body, Buffer.alloc(extra, "!")]));
}

/** Sends a body in pieces with pauses between. */
export async function drip(
  write: (piece: Buffer) => void,
  body: Buffer,
  pieces: number,
  pauseMs: number,
): Promise<void> {
  const length = Math.max(1, Math.ceil(body.length / pieces));
  for (let at = 0; at < body.length; at += length) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    write(body.subarray(at, at + length));
  }
}
