/** Where in an exchange a connection breaks or falls silent. */
export type Stage =
  /** While the request's body is on its way. */
  | "request-body"
  /** When the request is there, before a byte of the response. */
  | "before-answer"
  /** In the middle of the response's header. */
  | "header"
  /** In the middle of the response's body. */
  | "body";

/** A response as it passes through the proxy. */
export interface PassingResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What goes wrong with one exchange. */
export type Fault =
  /** The connection is reset (RST). */
  | { readonly kind: "reset"; readonly at: Stage }
  /** The server does what it was asked, and the connection is reset before its response. */
  | { readonly kind: "lost-answer" }
  /** The connection is closed in good order (FIN), as by a server that restarts. */
  | { readonly kind: "close"; readonly at: Stage }
  /** Nothing more comes, and the connection stays. */
  | { readonly kind: "stall"; readonly at: Exclude<Stage, "request-body"> }
  /** The body comes in so many pieces with so many milliseconds in between. */
  | { readonly kind: "drip"; readonly pieces: number; readonly pauseMs: number }
  /** So many bytes more than Content-Length says. */
  | { readonly kind: "overlong"; readonly bytes: number }
  /** Another answer, and the request does not reach the server. */
  | { readonly kind: "answer"; readonly answer: PassingResponse }
  /** That answer at once, before the request's body is read, and the connection is closed. */
  | { readonly kind: "early-answer"; readonly answer: PassingResponse }
  /** The request's body reaches the server changed; nobody notices by the length. */
  | { readonly kind: "alter-request"; readonly change: (body: Buffer) => Buffer }
  /** The server's response, changed. */
  | { readonly kind: "alter"; readonly change: (answer: PassingResponse) => PassingResponse };

/** An error document of S3. */
export function errorResponse(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): PassingResponse {
  return {
    status,
    headers: { "content-type": "application/xml", ...headers },
    body: Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>TEST</RequestId></Error>`,
    ),
  };
}
