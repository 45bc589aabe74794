import type { Fault, PassingResponse } from "../support/fault-proxy/fault.js";
import { errorResponse } from "../support/fault-proxy/fault.js";
import type { FaultPlan } from "../support/fault-proxy/fault-proxy.js";

/** The fault strikes the first request of the operation. */
export const once =
  (operation: string, fault: Fault): FaultPlan =>
  (request, count) =>
    request.operation === operation && count === 1 ? fault : undefined;

/** The fault strikes every request of the operation. */
export const always =
  (operation: string, fault: Fault): FaultPlan =>
  (request) =>
    request.operation === operation ? fault : undefined;

/** The fault strikes one request of the operation, the `nth`. */
export const nth =
  (operation: string, number: number, fault: Fault): FaultPlan =>
  (request, count) =>
    request.operation === operation && count === number ? fault : undefined;

const answer = (passing: PassingResponse): Fault => ({ kind: "answer", answer: passing });

export const internalError = answer(
  errorResponse(500, "InternalError", "We encountered an internal error. Please try again."),
);
export const slowDown = answer(errorResponse(503, "SlowDown", "Please reduce your request rate."));
export const requestTimeout = answer(
  errorResponse(
    400,
    "RequestTimeout",
    "Your socket connection to the server was not read from or written to within the timeout period.",
  ),
);
export const denied = answer(errorResponse(403, "AccessDenied", "Access Denied"));
export const badDigest = answer(
  errorResponse(400, "BadDigest", "The CRC64NVME you specified did not match the calculated checksum."),
);

/** 200 with an error for a body: S3 sends its header before copies and completions are done. */
export const errorInside200 = answer({
  ...errorResponse(200, "InternalError", "We encountered an internal error. Please try again."),
});

export const gatewayPage = answer({
  status: 502,
  headers: { "content-type": "text/html" },
  body: Buffer.from("<html><body><h1>502 Bad Gateway</h1></body></html>"),
});

export const loginPage = answer({
  status: 200,
  headers: { "content-type": "text/html" },
  body: Buffer.from("<html><body>Please log in to the company's proxy</body></html>"),
});

/** Refuses before it has read the body, as a server does whose client should have waited for 100 Continue. */
export const refusedEarly: Fault = {
  kind: "early-answer",
  answer: errorResponse(503, "SlowDown", "Please reduce your request rate.", { connection: "close" }),
};

export const expectationFailed: Fault = {
  kind: "early-answer",
  answer: errorResponse(417, "ExpectationFailed", "Expectation failed", { connection: "close" }),
};

/** One bit of what is uploaded, behind any TLS: what reaches the server is another object of the same length. */
export const flipSentBit: Fault = {
  kind: "alter-request",
  change: (body) => {
    const flipped = Buffer.from(body);
    const middle = Math.floor(flipped.length / 2);
    if (flipped.length > 0) flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    return flipped;
  },
};

export const flipByte: Fault = {
  kind: "alter",
  change: (passing) => {
    const body = Buffer.from(passing.body);
    const middle = Math.floor(body.length / 2);
    if (body.length > 0) body[middle] = (body[middle] ?? 0) ^ 0x20;
    return { ...passing, body };
  },
};

/** Changes or removes (undefined) a header of the response. */
export const withHeader = (name: string, change: (value: string) => string | undefined): Fault => ({
  kind: "alter",
  change: (passing) => {
    const { [name]: old, ...headers } = passing.headers;
    const value = old === undefined ? undefined : change(old);
    return { ...passing, headers: value === undefined ? headers : { ...headers, [name]: value } };
  },
});
