import { gzipSync } from "node:zlib";
import type { Script } from "../../support/raw-endpoint/raw-endpoint.js";
import {
  answer,
  bytes,
  drip,
  endless,
  inPieces,
  later,
  reset,
  stall,
} from "../../support/raw-endpoint/scripts.js";
import type { Case } from "../harness/case.js";
import { CODEBUILD, FULL, GOOD_BODY, GOOD_RESPONSE } from "./good-response.js";

const good = bytes(GOOD_RESPONSE);
const length = GOOD_BODY.length;
const head = (...lines: string[]) => `${["HTTP/1.1 200 OK", ...lines].join("\r\n")}\r\n\r\n`;
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const chunked = head("Transfer-Encoding: chunked");

function accepted(name: string, script: Script): Case {
  return { name: `wire: ${name}`, env: CODEBUILD, script, expect: { code: 0, requests: 1, underMs: 15_000 } };
}

/** Not a response to trust: tried again. */
function retried(name: string, script: Script, patience = 15_000): Case {
  return {
    name: `wire, tried again: ${name}`,
    env: CODEBUILD,
    script: [script, good],
    expect: { code: 0, requests: 2, underMs: patience },
  };
}

const ACCEPTED: readonly Case[] = [
  accepted("Content-Length", good),
  accepted("chunked", bytes(`${chunked}${chunk(GOOD_BODY)}0\r\n\r\n`)),
  accepted(
    "chunked in many",
    bytes(
      `${chunked}${GOOD_BODY.match(/.{1,7}/gs)
        ?.map(chunk)
        .join("")}0\r\n\r\n`,
    ),
  ),
  accepted(
    "chunked with extensions and trailers",
    bytes(`${chunked}${length.toString(16).toUpperCase()};a=b\r\n${GOOD_BODY}\r\n0;x\r\nX-A: b\r\n\r\n`),
  ),
  accepted(
    "chunked, spelt CHUNKED",
    bytes(`${head("transfer-encoding: CHUNKED")}${chunk(GOOD_BODY)}0\r\n\r\n`),
  ),
  accepted("closed at the end", bytes(`${head("Connection: close")}${GOOD_BODY}`)),
  accepted("HTTP/1.0 closed at the end", bytes(`HTTP/1.0 200 OK\r\n\r\n${GOOD_BODY}`)),
  accepted(
    "HTTP/1.0 with a length",
    bytes(`HTTP/1.0 200 OK\r\nContent-Length: ${length}\r\n\r\n${GOOD_BODY}`),
  ),
  accepted("no reason phrase", bytes(`HTTP/1.1 200\r\nContent-Length: ${length}\r\n\r\n${GOOD_BODY}`)),
  accepted("an empty reason phrase", bytes(`HTTP/1.1 200 \r\nContent-Length: ${length}\r\n\r\n${GOOD_BODY}`)),
  accepted("100 Continue first", bytes(`HTTP/1.1 100 Continue\r\n\r\n${GOOD_RESPONSE}`)),
  accepted("103 Early Hints first", bytes(`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${GOOD_RESPONSE}`)),
  accepted("no white space after the colon", bytes(`${head(`Content-Length:${length}`)}${GOOD_BODY}`)),
  accepted(
    "odd header names and Latin letters",
    bytes(`${head("X-!#$%&'*+.^_`|~: \xfc", `Content-Length: ${length}`)}${GOOD_BODY}`),
  ),
  accepted("byte by byte", inPieces(GOOD_RESPONSE, 1)),
  accepted("chunked byte by byte", inPieces(`${chunked}${chunk(GOOD_BODY)}0\r\n\r\n`, 1)),
  accepted("in pieces of seven", inPieces(GOOD_RESPONSE, 7)),
  accepted("the connection stays open afterwards", stall(GOOD_RESPONSE)),
  accepted("the chunked connection stays open afterwards", stall(`${chunked}${chunk(GOOD_BODY)}0\r\n\r\n`)),
  accepted("more bytes after the response", bytes(`${GOOD_RESPONSE}HTTP/1.1 500 No\r\n\r\n`)),
  accepted("a reset after the response", reset(GOOD_RESPONSE)),
  accepted("two seconds to the headers", later(2000, good)),
  accepted("a pause of two seconds in the body", (socket) => {
    socket.write(GOOD_RESPONSE.slice(0, -40));
    setTimeout(() => socket.end(GOOD_RESPONSE.slice(-40)), 2000);
  }),
  accepted(
    "20 KiB of headers",
    bytes(
      `${head(...Array.from({ length: 20 }, (_, i) => `X-${i}: ${"y".repeat(1000)}`), `Content-Length: ${length}`)}${GOOD_BODY}`,
    ),
  ),
];

const RETRIED: readonly Case[] = [
  retried("closed without a response", (socket) => socket.destroy()),
  retried("ended without a response", (socket) => socket.end()),
  retried("reset without a response", reset()),
  retried("reset in the headers", reset("HTTP/1.1 200 OK\r\nContent-")),
  retried("reset in the body", reset(GOOD_RESPONSE.slice(0, -20))),
  retried("ended in the status line", bytes("HTTP/1.1 2")),
  retried("ended in the headers", bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")),
  retried("ended in the body", bytes(GOOD_RESPONSE.slice(0, -1))),
  retried("ended in a chunk", bytes(`${chunked}${chunk(GOOD_BODY).slice(0, -20)}`)),
  retried("ended before the last chunk", bytes(`${chunked}${chunk(GOOD_BODY)}`)),
  retried("ended in the trailer", bytes(`${chunked}${chunk(GOOD_BODY)}0\r\n`)),
  retried("cut off, closed at the end", bytes(`${head("Connection: close")}${GOOD_BODY.slice(0, -9)}`)),
  retried(
    "two lengths that differ",
    bytes(`${head(`Content-Length: ${length}`, "Content-Length: 5")}${GOOD_BODY}`),
  ),
  retried("a list of lengths that differ", bytes(`${head(`Content-Length: ${length}, 5`)}${GOOD_BODY}`)),
  retried(
    "length and chunks",
    bytes(`${head(`Content-Length: ${length}`, "Transfer-Encoding: chunked")}${chunk(GOOD_BODY)}0\r\n\r\n`),
  ),
  retried("a negative length", bytes(`${head("Content-Length: -5")}${GOOD_BODY}`)),
  retried("a length that is no number", bytes(`${head("Content-Length: 0x10")}${GOOD_BODY}`)),
  retried("a signed length", bytes(`${head(`Content-Length: +${length}`)}${GOOD_BODY}`)),
  retried("a huge length", bytes(`${head("Content-Length: 99999999999999999999")}${GOOD_BODY}`)),
  retried("a length of 2 MiB", bytes(`${head("Content-Length: 2097152")}${" ".repeat(2_097_152)}`)),
  retried(
    "an unknown transfer coding",
    bytes(`${head("Transfer-Encoding: gzip, chunked")}${chunk(GOOD_BODY)}0\r\n\r\n`),
  ),
  retried("a malformed chunk size", bytes(`${chunked}xyz\r\n${GOOD_BODY}\r\n0\r\n\r\n`)),
  retried("a negative chunk size", bytes(`${chunked}-5\r\n${GOOD_BODY}\r\n0\r\n\r\n`)),
  retried("an endless chunk size", bytes(`${chunked}${"f".repeat(20)}\r\n${GOOD_BODY}`)),
  retried("no end of line after a chunk", bytes(`${chunked}${chunk(GOOD_BODY).slice(0, -2)}xx0\r\n\r\n`)),
  retried("a folded header", bytes(`${head("X-A: b", " c", `Content-Length: ${length}`)}${GOOD_BODY}`)),
  retried("white space before the colon", bytes(`${head(`Content-Length : ${length}`)}${GOOD_BODY}`)),
  retried("a header without a name", bytes(`${head(": x", `Content-Length: ${length}`)}${GOOD_BODY}`)),
  retried("NUL in a header", bytes(`${head("X-A: a\0b", `Content-Length: ${length}`)}${GOOD_BODY}`)),
  retried("not HTTP", bytes("SSH-2.0-OpenSSH_9.2\r\n")),
  retried("bare JSON", bytes(GOOD_BODY)),
  retried("HTTP/2", bytes(GOOD_RESPONSE.replace("HTTP/1.1", "HTTP/2"))),
  retried("HTTP/3.7", bytes(GOOD_RESPONSE.replace("HTTP/1.1", "HTTP/3.7"))),
  retried("a status of two digits", bytes(GOOD_RESPONSE.replace("200", "20"))),
  retried("a status of four digits", bytes(GOOD_RESPONSE.replace("200", "2000"))),
  retried("switched protocols", bytes(`HTTP/1.1 101 Switching Protocols\r\n\r\n${GOOD_RESPONSE}`)),
  retried("gzip that was not asked for", answer(200, gzipSync(GOOD_BODY), { "Content-Encoding": "gzip" })),
  retried("an empty body", bytes(head("Content-Length: 0"))),
  retried("endless headers", endless("HTTP/1.1 200 OK\r\nX: ")),
  retried("an endless body", endless(head("Connection: close"))),
  retried("an endless line of chunk", endless(`${chunked}5;`)),
];

const TIMES: readonly Case[] = [
  {
    name: "silent after the connection",
    env: CODEBUILD,
    script: [stall(), good],
    expect: { code: 0, requests: 2, gaps: [[5200, 15_000]] },
  },
  {
    name: "silent in the headers",
    env: CODEBUILD,
    script: [stall("HTTP/1.1 200 OK\r\n"), good],
    expect: { code: 0, requests: 2, gaps: [[5200, 15_000]] },
  },
  {
    name: "headers that drip",
    env: CODEBUILD,
    script: [drip("HTTP/1.1 200 OK\r\nX: ", "x", 200), good],
    expect: { code: 0, requests: 2, gaps: [[5200, 15_000]] },
  },
  {
    name: "a stalled body",
    env: CODEBUILD,
    script: [stall(GOOD_RESPONSE.slice(0, -20)), good],
    expect: { code: 0, requests: 2, gaps: [[5200, 15_000]] },
  },
  {
    name: "a dripping body",
    env: CODEBUILD,
    script: [drip(`${head("Connection: close")}`, " ", 300), good],
    expect: { code: 0, requests: 2, gaps: [[10_200, 20_000]] },
  },
  {
    name: "a body that drips for ever is given up within the budget",
    env: CODEBUILD,
    script: drip(`${head("Connection: close")}`, " ", 300),
    expect: { code: 255, underMs: 34_000, stderr: /did not finish/ },
  },
  {
    name: "silent for ever is given up within the budget",
    env: CODEBUILD,
    script: stall(),
    expect: { code: 255, underMs: 34_000, stderr: /did not answer/ },
  },
  {
    name: "--timeout bounds silence",
    args: ["--timeout", "2s"],
    env: CODEBUILD,
    script: stall(),
    expect: { code: 255, requests: 1, overMs: 1900, underMs: 6000 },
  },
  {
    name: "--timeout bounds the tries",
    // The third would be after 4 s.
    args: ["--timeout", "3500ms"],
    env: CODEBUILD,
    script: answer(503, "", { "Retry-After": "2" }),
    expect: { code: 254, requestsAtMost: 2, stderr: /503/, underMs: 9000 },
  },
  {
    name: "a stalled error still says its status",
    env: CODEBUILD,
    script: stall("HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nno"),
    expect: { code: 254, requests: 1, stderr: /404/ },
  },
  {
    name: "an endless error still says its status",
    env: CODEBUILD,
    script: endless("HTTP/1.1 404 Not Found\r\n\r\n"),
    expect: { code: 254, requests: 1, stderr: /404/, underMs: 15_000 },
  },
  {
    name: "a truncated error still says its status",
    env: CODEBUILD,
    script: bytes("HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\nno"),
    expect: { code: 254, requests: 1, stderr: /403/ },
  },
  {
    name: "an address that refuses is given up in time",
    env: { [FULL]: "http://HOST/ID" },
    expect: { code: 255, overMs: 3700, underMs: 15_000, stderr: /refused the connection/ },
  },
  {
    name: "a port that refuses",
    env: { [FULL]: "http://127.0.0.1:9/ID" },
    args: ["--timeout", "1s"],
    expect: { code: 255, stderr: /127\.0\.0\.1:9\/.*refused/ },
  },
  {
    name: "an address that drops packets is given up in time",
    env: CODEBUILD,
    network: "swallowing",
    expect: { code: 255, overMs: 10_000, underMs: 20_000, stderr: /did not accept/ },
  },
  {
    name: "no network at all",
    env: CODEBUILD,
    network: "none",
    expect: { code: 255, underMs: 15_000, stderr: /cannot be reached[\s\S]*--network none/ },
  },
  {
    name: "no network at all, full URI",
    env: { [FULL]: "http://169.254.170.23/ID" },
    network: "none",
    expect: { code: 255, underMs: 15_000, stderr: /cannot be reached/ },
  },
  {
    name: "https to a server without TLS",
    env: { [FULL]: "https://127.0.0.1:8080/ID" },
    args: ["--timeout", "1s"],
    expect: { code: 255, requests: 0 },
  },
];

/** Points 5, 6 and 11, and the reading of responses. */
export const WIRE: readonly Case[] = [...ACCEPTED, ...RETRIED, ...TIMES];
