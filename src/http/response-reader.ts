import type { ReadingRules } from "./reading-rules.js";
import { isTaken, type Response, type Sink } from "./response.js";
import { isKept, type ParsedHead, parseHead } from "./response-head.js";
import { UnreadableResponse } from "./unreadable-response.js";

const HEAD_LIMIT = 32 * 1024;
const LINE_LIMIT = 1024;

/** Interim answers (1xx): a server that sends them without end is never silent. */
const MAX_INTERIM = 100;

/** The size, and extensions `;name` or `;name=value`, which nobody uses and we ignore. */
const CHUNK_SIZE = /^([0-9A-Fa-f]{1,8})(?:;[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:=[!#$%&'*+.^_`|~0-9A-Za-z-]+)?)*$/;
const LENIENT_CHUNK_SIZE = /^([0-9A-Fa-f]{1,12})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const TRAILER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/;
/** What has no business after the body. */
const FRAMING = /^(?:content-length|transfer-encoding):/i;
const END_OF_LINE = Buffer.from("\r\n");
const BEGINNING = "HTTP/1.";
const END_OF_HEAD = "\r\n\r\n";
const EMPTY = Buffer.alloc(0);

type State = "head" | "length" | "chunk-size" | "chunk-data" | "chunk-end" | "trailer" | "close" | "done";

const FIRST_STATE = { nothing: "done", length: "length", chunks: "chunk-size", close: "close" } as const;

/**
 * Where a head's last line ends, and where its body begins; nothing where the empty line has not come.
 *
 * @param text up to the first END_OF_HEAD and with it
 * @param at where that stands; -1: nowhere
 */
function endOfHead(text: string, at: number, isLenient: boolean): readonly [end?: number, next?: number] {
  const found = isLenient && /\r?\n\r?\n/.exec(at < 0 ? text : text.slice(0, at));
  if (found) return [found.index, found.index + found[0].length];
  return at < 0 ? [] : [at, text.length];
}

/** Without the line ends before a response, which Node's own parser passes over as well. */
function withoutEmptyLines(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start++;
  return bytes.subarray(start);
}

/** To what a response is read, and who wants it. */
export interface Reading {
  /** Whether no body comes, whatever the head says: HEAD was asked, or CONNECT. */
  readonly bodiless?: boolean;
  /** Takes the body of a success; absent: it is kept. */
  readonly sink?: Sink | undefined;
  /** Told of the bytes that are kept. */
  readonly onKept?: ((bytes: number) => void) | undefined;
}

/**
 * Reads one HTTP/1 answer from the bytes of a connection: status line, headers, Content-Length, chunked, or closed at the
 * end (RFC 9112). What the rules do not say is strict: conflicting lengths, other transfer codings and other protocols
 * are refused. Of our own because `node:http` costs every start a third of Node's own. No #private names: for the Node 12
 * that must be able to parse what every start parses, esbuild makes a WeakMap of each.
 */
export class ResponseReader {
  private readonly rules: ReadingRules;
  private readonly reading: Reading;
  private sink: Sink | undefined;
  private pending: Buffer = EMPTY;
  private state: State = "head";
  private head: ParsedHead | undefined;
  private readonly kept: Buffer[] = [];
  private keptSize = 0;
  /** What the sink has not been given yet. */
  private due: Buffer[] = [];
  private told = false;
  private interim = 0;
  private trailerSize = 0;
  /** Bytes left of the body or of the chunk. */
  private left = 0;

  constructor(rules: ReadingRules, reading: Reading = {}) {
    this.rules = rules;
    this.reading = reading;
    this.sink = reading.sink;
  }

  /** Whether the response is complete. */
  get done(): boolean {
    return this.state === "done";
  }

  /** Whether status and headers are known. */
  get started(): boolean {
    return this.head !== undefined;
  }

  /** Whether the sink has been told of the response. */
  get begun(): boolean {
    return this.told;
  }

  /** What has come behind the end of the response. */
  get beyond(): Buffer {
    return this.done ? this.pending : EMPTY;
  }

  /** Whether another response may follow on the connection. */
  get keepAlive(): boolean {
    return this.head !== undefined && isKept(this.head);
  }

  /** What has been read so far, as soon as status and headers are known; the body is empty when a sink takes it. */
  get response(): Response | undefined {
    if (this.head === undefined) return undefined;
    const { status, headers } = this.head;
    return { status, headers, body: Buffer.concat(this.kept, this.keptSize) };
  }

  /**
   * @param bytes what has come since the last call; valid until `deliver`
   * @throws UnreadableAnswer
   */
  push(bytes: Buffer): void {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    while (this.step());
    // Part of a line, or of a head: the bytes it came in will be written over.
    if (this.pending.length > 0) this.pending = Buffer.from(this.pending);
  }

  /**
   * Gives the sink what the last bytes have brought: by then what stands behind the response has been looked at.
   *
   * @returns what has to end before more is read, if anything
   */
  deliver(): Promise<void> | undefined {
    const [sink, head] = [this.sink, this.head];
    if (sink === undefined || head === undefined) return undefined;
    const due = this.due;
    this.due = [];
    if (!this.told) {
      this.told = true;
      sink.onResponse(head);
    }
    let busy: Promise<void> | undefined;
    for (const part of due) busy = sink.onChunk(part) ?? busy;
    return busy;
  }

  /** The other side has finished. @returns whether the response is complete */
  end(): boolean {
    if (this.state === "close") this.state = "done";
    return this.done;
  }

  /** One step on; false when it needs more bytes or has finished. */
  private step(): boolean {
    switch (this.state) {
      case "head":
        return this.readHead();
      case "length":
        return this.readData("done");
      case "chunk-size":
        return this.readChunkSize();
      case "chunk-data":
        return this.readData("chunk-end");
      case "chunk-end":
        return this.readChunkEnd();
      case "trailer":
        return this.readTrailer();
      case "close":
        this.left = this.pending.length;
        this.readData("close");
        return false;
      case "done":
        return false;
    }
  }

  private readHead(): boolean {
    const { isLenient, longestBody } = this.rules;
    if (isLenient) this.pending = withoutEmptyLines(this.pending);
    const most = this.pending.subarray(0, HEAD_LIMIT + END_OF_HEAD.length);
    const at = most.indexOf(END_OF_HEAD);
    // Nothing of the body: of a small object that would be the largest thing to be allocated.
    const text = most.toString("latin1", 0, at < 0 ? undefined : at + END_OF_HEAD.length);
    if (!text.startsWith(BEGINNING.slice(0, text.length)))
      throw new UnreadableResponse("malformed", "no HTTP/1 status line");
    const [end, next] = endOfHead(text, at, isLenient);
    const lines = text.slice(0, end);
    if (!isLenient && /[^\r]\n/.test(lines))
      throw new UnreadableResponse("malformed", "a line that ends without CR");
    if (lines.length > HEAD_LIMIT) throw new UnreadableResponse("too-large", "headers");
    if (next === undefined) return false;
    this.pending = this.pending.subarray(next);
    const head = parseHead(lines, this.reading.bodiless === true, this.rules);
    if (head === undefined) {
      if (++this.interim > MAX_INTERIM)
        throw new UnreadableResponse("malformed", "interim responses without end");
      return true;
    }
    this.head = head;
    if (!isTaken(this.sink, head)) this.sink = undefined;
    if (head.framing.by === "length") this.left = head.framing.length;
    if (this.sink === undefined && head.status === 200 && this.left > longestBody)
      throw new UnreadableResponse("too-large", "body");
    this.state = FIRST_STATE[head.framing.by];
    return true;
  }

  private readData(next: State): boolean {
    const part = this.pending.subarray(0, this.left);
    this.pending = this.pending.subarray(part.length);
    this.left -= part.length;
    if (part.length > 0) this.take(part);
    if (this.left > 0) return false;
    this.state = next;
    return true;
  }

  private take(part: Buffer): void {
    if (this.sink !== undefined) return void this.due.push(part);
    this.keptSize += part.length;
    this.reading.onKept?.(part.length);
    if (this.keptSize > this.rules.longestBody) throw new UnreadableResponse("too-large", "body");
    this.kept.push(Buffer.from(part));
  }

  private readChunkSize(): boolean {
    const line = this.readLine();
    if (line === undefined) return false;
    const size = (this.rules.isLenient ? LENIENT_CHUNK_SIZE : CHUNK_SIZE).exec(line)?.[1];
    if (size === undefined) throw new UnreadableResponse("malformed", "a malformed chunk");
    this.left = Number.parseInt(size, 16);
    this.state = this.left === 0 ? "trailer" : "chunk-data";
    return true;
  }

  private readChunkEnd(): boolean {
    const end = this.pending.subarray(0, 2);
    if (!end.equals(END_OF_LINE.subarray(0, end.length)))
      throw new UnreadableResponse("malformed", "a malformed chunk");
    if (end.length < 2) return false;
    this.pending = this.pending.subarray(2);
    this.state = "chunk-size";
    return true;
  }

  private readTrailer(): boolean {
    const line = this.readLine();
    if (line === undefined) return false;
    this.trailerSize += line.length + 2;
    if (this.trailerSize > HEAD_LIMIT) throw new UnreadableResponse("too-large", "trailers");
    if (line === "") this.state = "done";
    else if (!TRAILER.test(line) || FRAMING.test(line))
      throw new UnreadableResponse("malformed", "a malformed trailer");
    return true;
  }

  private readLine(): string | undefined {
    const end = this.pending.indexOf("\n");
    if ((end < 0 ? this.pending.length : end) > LINE_LIMIT)
      throw new UnreadableResponse("too-large", "a line");
    if (end < 0) return undefined;
    const line = this.pending.toString("latin1", 0, end);
    if (!line.endsWith("\r")) throw new UnreadableResponse("malformed", "a line that ends without CR");
    this.pending = this.pending.subarray(end + 1);
    return line.slice(0, -1);
  }
}
