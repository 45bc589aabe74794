import { request } from "node:http";
import { Duplex } from "node:stream";
import { KEYS } from "../../../src/http/reading-rules.js";
import { ResponseReader } from "../../../src/http/response-reader.js";
import { seededRandom } from "../../support/seeded-random.js";
import type { Share } from "../../support/share.js";

/** What a reader made of a connection's bytes: the body as latin1, or undefined for an error or an unfinished answer. */
interface Reading {
  readonly status: number;
  readonly body: string;
}

interface OurReading extends Reading {
  /** How many bytes the response took: what comes after it is nobody's. */
  readonly length: number;
}

/** Byte by byte, so that every way of cutting is met and the end of the response is known. */
function ours(bytes: Buffer): OurReading | undefined {
  const reader = new ResponseReader(KEYS);
  let length = 0;
  try {
    while (length < bytes.length && !reader.done) reader.push(bytes.subarray(length, ++length));
  } catch {
    return undefined;
  }
  if (!reader.end() || reader.response === undefined) return undefined;
  return { status: reader.response.status, body: reader.response.body.toString("latin1"), length };
}

/** A connection that answers with these bytes and ends. */
class Canned extends Duplex {
  constructor(private readonly bytes: Buffer) {
    super({ allowHalfOpen: true });
  }
  override _read(): void {
    this.push(this.bytes);
    this.push(null);
  }
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

function nodes(bytes: Buffer): Promise<Reading | undefined> {
  return new Promise((resolve) => {
    const asked = request({
      createConnection: () => new Canned(bytes) as never,
      host: "x",
      maxHeaderSize: 64 * 1024,
    });
    const parts: Buffer[] = [];
    let answered = false;
    asked.on("error", () => resolve(undefined));
    asked.on("upgrade", () => resolve(undefined));
    asked.on("response", (answer) => {
      answered = true;
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", () => resolve(undefined));
      answer.on("close", () => {
        const body = Buffer.concat(parts).toString("latin1");
        resolve(answer.complete ? { status: answer.statusCode ?? 0, body } : undefined);
      });
    });
    asked.on("close", () => {
      if (!answered) resolve(undefined);
    });
    asked.end();
  });
}

const WHOLE = [
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4;x=y\r\n":1}\r\n0\r\nT: v\r\n\r\n',
  'HTTP/1.0 200 OK\r\nServer: x\r\n\r\n{"a":1}',
  "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno",
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}',
];
const PIECES = [
  "\r\n",
  "\n",
  "\r",
  "\0",
  " ",
  ":",
  "0",
  "5",
  ";",
  "\r\n\r\n",
  "Content-Length: 3\r\n",
  "Transfer-Encoding: chunked\r\n",
  "\x80",
  "HTTP/1.1",
  ",",
  "\t",
  "-",
  "+",
  "x",
];

/** A response with one to three damages: bytes cut out, put in, doubled or changed. */
function damagedResponse(random: () => number): Buffer {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  let text = pick(WHOLE);
  for (let damages = 1 + Math.floor(random() * 3); damages > 0; damages--) {
    const at = Math.floor(random() * (text.length + 1));
    const length = Math.floor(random() * 4);
    const kind = random();
    const put = kind < 0.4 ? pick(PIECES) : kind < 0.7 ? String.fromCharCode(Math.floor(random() * 256)) : "";
    text = text.slice(0, at) + put + text.slice(at + (kind < 0.2 || kind > 0.5 ? length : 0));
  }
  return Buffer.from(text, "latin1");
}

function shown(bytes: Buffer, our: Reading, node: Reading | undefined): string {
  return `${JSON.stringify(bytes.toString("latin1"))}: ours ${JSON.stringify(our)}, Node's ${JSON.stringify(node)}`;
}

/**
 * Reads damaged responses with our reader and with Node's parser.
 *
 * @param taken counts which of them we take
 * @returns each response that we take though Node refuses it, or that we read otherwise
 */
export async function compareReaders(count: number, seed: number, taken: Share): Promise<string[]> {
  const random = seededRandom(seed);
  const differences: string[] = [];
  for (let index = 0; index < count; index++) {
    const bytes = damagedResponse(random);
    const our = ours(bytes);
    taken.count(our !== undefined);
    if (our === undefined) continue;
    const node = await nodes(bytes.subarray(0, our.length));
    if (node === undefined || node.status !== our.status || node.body !== our.body)
      differences.push(shown(bytes, our, node));
  }
  return differences;
}
