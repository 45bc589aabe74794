import type { Cancellation } from "../../src/http/cancellation.js";
import type { Response } from "../../src/http/response.js";
import { RefusedHeaders } from "../../src/s3/requests/refused-headers.js";
import type { S3Request } from "../../src/s3/requests/request.js";
import type { Sender } from "../../src/s3/requests/sender.js";

export interface ScriptedSender {
  readonly sender: Sender;
  /** What was sent. */
  readonly sent: S3Request[];
  /** The arguments of each pause but its cancellation. */
  readonly pauses: unknown[][];
}

/** A response without a body, or with this one. */
export const response = (status: number, headers: Record<string, string> = {}, body = ""): Response => ({
  status,
  headers,
  body: Buffer.from(body),
});

/** What a request gets; it may wait for its cancellation. */
export type Answer = (request: S3Request, cancellation: Cancellation) => Response | Error | Promise<Response>;

/** A sender without a network: each request gets the next answer, an error is thrown, a function does what it likes. */
export function scriptedSender(...answers: readonly (Response | Error | Answer)[]): ScriptedSender {
  const left = [...answers];
  const sent: S3Request[] = [];
  const pauses: unknown[][] = [];
  const sender = {
    refused: new RefusedHeaders(),
    atOnce: 4,
    send: async (request: S3Request, cancellation: Cancellation) => {
      sent.push(request);
      const next = left.shift();
      if (next === undefined) throw new Error(`no answer is left for ${request.operation}`);
      const answer = typeof next === "function" ? next(request, cancellation) : next;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    pause: async (...args: unknown[]) => void pauses.push(args.slice(0, 3)),
  };
  return { sender: sender as unknown as Sender, sent, pauses };
}
