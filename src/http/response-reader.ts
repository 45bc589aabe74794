/** An answer as far as it was read. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated ones joined with a comma. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** The bytes are not an HTTP answer, or break a rule whose breach has been used to smuggle one answer into another. */
export class MalformedAnswer extends Error {}

/** The answer goes beyond what credentials can be. */
export class OversizedAnswer extends Error {}

const HEAD_LIMIT = 32 * 1024;
const LINE_LIMIT = 1024;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/;
/** The size, and extensions `;name` or `;name=value`, which nobody uses and we ignore. */
const CHUNK_SIZE = /^([0-9A-Fa-f]{1,8})(?:;[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:=[!#$%&'*+.^_`|~0-9A-Za-z-]+)?)*$/;
/** What has no business after the body. */
const FRAMING = /^(?:content-length|transfer-encoding):/i;
const END_OF_LINE = Buffer.from("\r\n");
const END_OF_HEAD = Buffer.from("\r\n\r\n");
const BEGINNING = Buffer.from("HTTP/1.");

type State =
  | "head"
  | "length"
  | "chunk-size"
  | "chunk-data"
  | "chunk-end"
  | "trailer"
  | "until-close"
  | "done";

/**
 * Reads one HTTP/1 answer to a GET from the bytes of a connection: status line, header block, Content-Length, chunked,
 * or closed at the end (RFC 9112). Stricter than a browser: bare line feeds, folded headers, repeated or conflicting
 * lengths, other transfer codings and protocol upgrades are refused. Of our own because `node:http` costs every start
 * a third of Node's own.
 */
export class ResponseReader {
  private pending: Buffer = Buffer.alloc(0);
  private state: State = "head";
  private status = 0;
  private headers = new Map<string, string>();
  private readonly parts: Buffer[] = [];
  private size = 0;
  private trailerSize = 0;
  /** Bytes left of the body or of the chunk. */
  private left = 0;
  private readonly bodyLimit: number;

  constructor(bodyLimit: number) {
    this.bodyLimit = bodyLimit;
  }

  /** Whether the answer is complete; what comes after it is nobody's. */
  get done(): boolean {
    return this.state === "done";
  }

  /** Status and headers, as soon as they are known. */
  get started(): boolean {
    return this.state !== "head";
  }

  /** What has been read so far. */
  get response(): HttpResponse {
    const [only] = this.parts;
    const body = only?.length === this.size ? only : Buffer.concat(this.parts, this.size);
    return { status: this.status, headers: this.headers, body };
  }

  /** @throws MalformedAnswer, OversizedAnswer */
  push(bytes: Buffer): void {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    while (this.step());
  }

  /** The other side has finished. @returns whether the answer is complete */
  end(): boolean {
    if (this.state === "until-close") this.state = "done";
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
      case "until-close":
        this.left = this.pending.length;
        this.readData("until-close");
        return false;
      case "done":
        return false;
    }
  }

  private readHead(): boolean {
    const start = this.pending.subarray(0, BEGINNING.length);
    if (!start.equals(BEGINNING.subarray(0, start.length)))
      throw new MalformedAnswer("no HTTP/1 status line");
    const end = this.pending.indexOf(END_OF_HEAD);
    const lines = this.pending.toString("latin1", 0, end < 0 ? this.pending.length : end);
    if (/[^\r]\n/.test(lines)) throw new MalformedAnswer("a line that ends without CR");
    if (lines.length > HEAD_LIMIT) throw new OversizedAnswer("headers");
    if (end < 0) return false;
    this.pending = this.pending.subarray(end + END_OF_HEAD.length);
    const [statusLine = "", ...fields] = lines.split("\r\n");
    const [, minor, status] = STATUS_LINE.exec(statusLine) ?? [];
    if (minor === undefined) throw new MalformedAnswer("a malformed status line");
    this.status = Number(status);
    this.headers = readFields(fields);
    if (this.status < 200 && minor === "0") throw new MalformedAnswer("an interim answer of HTTP/1.0");
    if (this.status === 101) throw new MalformedAnswer("a protocol that was not asked for");
    // An interim answer (100, 103) precedes the real one.
    if (this.status >= 200) this.state = this.framing(minor === "0");
    return true;
  }

  /** How the end of the body is told (RFC 9112, 6.3). */
  private framing(oldProtocol: boolean): State {
    const coding = this.headers.get("transfer-encoding");
    const length = this.headers.get("content-length");
    if (coding !== undefined) {
      if (length !== undefined) throw new MalformedAnswer("both a length and chunks");
      if (oldProtocol || coding.toLowerCase() !== "chunked") throw new MalformedAnswer("an unknown coding");
    }
    if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new MalformedAnswer("an unclear length");
    if (this.status === 204 || this.status === 304) return "done";
    if (coding !== undefined) return "chunk-size";
    if (length === undefined) return "until-close";
    this.left = Number(length);
    if (this.status === 200 && this.left > this.bodyLimit) throw new OversizedAnswer("body");
    return this.left === 0 ? "done" : "length";
  }

  private readData(next: State): boolean {
    const part = this.pending.subarray(0, this.left);
    this.pending = this.pending.subarray(part.length);
    this.left -= part.length;
    this.size += part.length;
    if (this.size > this.bodyLimit) throw new OversizedAnswer("body");
    if (part.length > 0) this.parts.push(part);
    if (this.left > 0) return false;
    this.state = next;
    return true;
  }

  private readChunkSize(): boolean {
    const line = this.readLine();
    if (line === undefined) return false;
    const [, size] = CHUNK_SIZE.exec(line) ?? [];
    if (size === undefined) throw new MalformedAnswer("a malformed chunk");
    this.left = Number.parseInt(size, 16);
    this.state = this.left === 0 ? "trailer" : "chunk-data";
    return true;
  }

  private readChunkEnd(): boolean {
    const end = this.pending.subarray(0, 2);
    if (!end.equals(END_OF_LINE.subarray(0, end.length))) throw new MalformedAnswer("a malformed chunk");
    if (end.length < 2) return false;
    this.pending = this.pending.subarray(2);
    this.state = "chunk-size";
    return true;
  }

  private readTrailer(): boolean {
    const line = this.readLine();
    if (line === undefined) return false;
    this.trailerSize += line.length + 2;
    if (this.trailerSize > HEAD_LIMIT) throw new OversizedAnswer("trailers");
    if (line === "") this.state = "done";
    else if (!HEADER.test(line) || FRAMING.test(line)) throw new MalformedAnswer("a malformed trailer");
    return true;
  }

  private readLine(): string | undefined {
    const end = this.pending.indexOf("\n");
    if ((end < 0 ? this.pending.length : end) > LINE_LIMIT) throw new OversizedAnswer("a line");
    if (end < 0) return undefined;
    const line = this.pending.toString("latin1", 0, end);
    if (!line.endsWith("\r")) throw new MalformedAnswer("a line that ends without CR");
    this.pending = this.pending.subarray(end + 1);
    return line.slice(0, -1);
  }
}

/** Only what Node's own parser takes off: blanks and tabs before a value, blanks after it. */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === " " || text[start] === "\t") start++;
  while (end > start && text[end - 1] === " ") end--;
  return text.slice(start, end);
}

function readFields(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, field, padded = ""] = HEADER.exec(line) ?? [];
    if (field === undefined) throw new MalformedAnswer("a malformed header");
    const value = withoutBlanks(padded);
    const name = field.toLowerCase();
    const before = headers.get(name);
    if (before !== undefined && (name === "content-length" || name === "transfer-encoding"))
      throw new MalformedAnswer("two lengths");
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}
