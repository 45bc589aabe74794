const EMPTY = Buffer.alloc(0);

/** Extensions and trailers, which nobody sends, would be longer. */
const LONGEST_LINE = 256;

/** Takes the chunks out of a chunked body (RFC 9112, 7.1) as it comes. */
export class ChunkedBody {
  readonly #chunks: Buffer[] = [];
  /** The beginning of a line that has not come whole. */
  #line: Buffer = EMPTY;
  /** Bytes of the chunk still to come; 0: a line is next. */
  #left = 0;
  #next: "size" | "end" | "last" = "size";
  #isWhole = false;
  /** What came after the end of the body. */
  beyond: Buffer = EMPTY;

  /**
   * @param bytes what has come since the last call; kept
   * @returns the body when it is complete; "more" when it is not; undefined when it is malformed, or has extensions or
   *   trailers
   */
  take(bytes: Buffer): Buffer | "more" | undefined {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const chunk = bytes.subarray(at, at + this.#left);
        this.#chunks.push(chunk);
        this.#left -= chunk.length;
        at += chunk.length;
        continue;
      }
      const feed = bytes.indexOf(0x0a, at);
      const rest = bytes.subarray(at, feed < 0 ? bytes.length : feed + 1);
      this.#line = this.#line.length === 0 ? rest : Buffer.concat([this.#line, rest]);
      if (this.#line.length > LONGEST_LINE) return undefined;
      if (feed < 0) return "more";
      at = feed + 1;
      const line = this.#line.toString("latin1");
      this.#line = EMPTY;
      if (!line.endsWith("\r\n") || !this.#takeLine(line.slice(0, -2))) return undefined;
      if (!this.#isWhole) continue;
      this.beyond = bytes.subarray(at);
      return Buffer.concat(this.#chunks);
    }
    return "more";
  }

  #takeLine(line: string): boolean {
    if (this.#next === "size") {
      if (!/^[0-9a-f]{1,8}$/i.test(line)) return false;
      this.#left = Number.parseInt(line, 16);
      this.#next = this.#left === 0 ? "last" : "end";
      return true;
    }
    this.#isWhole = this.#next === "last";
    this.#next = "size";
    return line === "";
  }
}
