import { readName, readTag } from "./tag.js";
import { unescapeXml } from "./unescape.js";

/** An element of a response. */
export interface XmlElement {
  /** Without its prefix: services and stores use one namespace a document. */
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  readonly name: string;
  text: string;
  children: XmlElement[];
}

/** Deeper than any response of S3; what goes beyond is refused instead of growing without end. */
const MAX_DEPTH = 32;

const NONE: XmlElement[] = [];
const BLANK = /^[ \t\r\n]*$/;

/** Our texts come from UTF-8; where a declaration says otherwise, what is not ASCII may mean something else. */
const DECLARED_ENCODING = /\sencoding\s*=\s*["'](?!utf-8["']|us-ascii["'])/i;
const NOT_ASCII = /[^\0-\x7f]/;

/** A leaf in its common form: most of a listing is that. What is scanned in vain is scanned once more at most. */
const LEAF = /<([A-Za-z]+)>([^<>&\r]*)<\/([A-Za-z]+)>/y;

class Malformed extends Error {}

/**
 * Reads XML 1.0 as S3 and its like answer it, in time that grows with the text: elements, text, CDATA, the predefined
 * entities and character references, comments, processing instructions, attributes and prefixes. A document type with
 * declarations of its own is refused: with it goes every entity that could grow.
 */
class XmlReader {
  readonly #text: string;
  #at = 0;
  readonly #document: OpenElement = { name: "", text: "", children: NONE };
  readonly #open: OpenElement[] = [this.#document];
  /** The names of the open elements with their prefixes, which the end tags must repeat. */
  readonly #tags: string[] = [""];
  #current: OpenElement = this.#document;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith("\ufeff")) this.#at = 1;
  }

  /** @throws Malformed */
  read(): XmlElement {
    while (this.#at < this.#text.length) this.#step();
    const [root] = this.#document.children;
    if (this.#open.length > 1 || root === undefined) throw new Malformed();
    return root;
  }

  /**
   * The name of the root element; what comes behind its start tag is not looked at.
   *
   * @throws Malformed
   */
  rootName(): string {
    while (this.#document.children.length === 0) {
      if (this.#at >= this.#text.length) throw new Malformed();
      this.#step();
    }
    return (this.#document.children[0] as XmlElement).name;
  }

  #step(): void {
    if (this.#text[this.#at] !== "<") return void this.#readText();
    const second = this.#text[this.#at + 1];
    if (second === "/") this.#readEnd();
    else if (second === "!") this.#readMarkup();
    else if (second === "?") this.#readInstruction();
    else this.#readStart();
  }

  /** The text up to `end`, which is passed over. */
  #upTo(end: string, from: number): string {
    const found = this.#text.indexOf(end, from);
    if (found < 0) throw new Malformed();
    this.#at = found + end.length;
    return this.#text.slice(from, found);
  }

  #readText(): void {
    const next = this.#text.indexOf("<", this.#at);
    const end = next < 0 ? this.#text.length : next;
    const raw = this.#text.slice(this.#at, end);
    this.#at = end;
    if (this.#current === this.#document) {
      if (!BLANK.test(raw)) throw new Malformed();
      return;
    }
    const value = raw.includes("]]>") ? undefined : unescapeXml(raw);
    if (value === undefined) throw new Malformed();
    this.#current.text += value;
  }

  #readLeaf(): boolean {
    LEAF.lastIndex = this.#at;
    const [, name = "", text = "", end] = LEAF.exec(this.#text) ?? [];
    if (end !== name || this.#current === this.#document || this.#open.length > MAX_DEPTH) return false;
    this.#append({ name, text, children: NONE });
    this.#at = LEAF.lastIndex;
    return true;
  }

  #append(element: XmlElement): void {
    if (this.#current.children === NONE) this.#current.children = [element];
    else this.#current.children.push(element);
  }

  #readStart(): void {
    if (this.#readLeaf()) return;
    const tag = readTag(this.#text, this.#at + 1);
    const isSecond = this.#current === this.#document && this.#document.children.length > 0;
    if (tag === undefined || isSecond || this.#open.length > MAX_DEPTH) throw new Malformed();
    const name = tag.name.slice(tag.name.indexOf(":") + 1);
    const element: OpenElement = { name, text: "", children: NONE };
    this.#append(element);
    this.#at = tag.end;
    if (tag.isEmpty) return;
    this.#open.push(element);
    this.#tags.push(tag.name);
    this.#current = element;
  }

  #readEnd(): void {
    const tag = this.#tags.pop() as string;
    const from = this.#at + 2;
    if (this.#open.length < 2 || !this.#text.startsWith(tag, from)) throw new Malformed();
    if (!BLANK.test(this.#upTo(">", from + tag.length))) throw new Malformed();
    this.#open.pop();
    this.#current = this.#open.at(-1) as OpenElement;
  }

  /** A comment, a section of plain text, or a document type. */
  #readMarkup(): void {
    const { length } = "<!--";
    if (this.#text.startsWith("<!--", this.#at)) {
      // Two hyphens stand at its end only.
      this.#upTo("--", this.#at + length);
      if (this.#text[this.#at++] !== ">") throw new Malformed();
    } else if (this.#text.startsWith("<![CDATA[", this.#at) && this.#current !== this.#document) {
      this.#current.text += this.#upTo("]]>", this.#at + "<![CDATA[".length).replace(/\r\n?/g, "\n");
    } else {
      const isFirst = this.#document.children.length === 0;
      if (!isFirst || !this.#text.startsWith("<!DOCTYPE", this.#at)) throw new Malformed();
      if (this.#upTo(">", this.#at).includes("[")) throw new Malformed();
    }
  }

  #readInstruction(): void {
    const start = this.#at;
    const target = readName(this.#text, start + 2);
    const rest = this.#upTo("?>", start);
    if (target === undefined) throw new Malformed();
    if (target.toLowerCase() !== "xml") return;
    const isFirst = BLANK.test(this.#text.slice(0, start).replace("\ufeff", ""));
    const isForeign = DECLARED_ENCODING.test(rest) && NOT_ASCII.test(this.#text.replace(/^\ufeff/, ""));
    if (!isFirst || isForeign) throw new Malformed();
  }
}

function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** @returns the root element; undefined when the text is not well-formed */
export function parseXml(text: string): XmlElement | undefined {
  return unlessMalformed(() => new XmlReader(text).read());
}

/** Bytes that are looked at first: listings are megabytes. */
const FIRST_LOOK = 4096;

/**
 * The name of a document's root element, without a prefix. Whatever white space and comments stand before it: S3 keeps a
 * connection open with white space while it works.
 *
 * @param document what comes behind the root's start tag may be anything
 * @returns undefined when no element begins the document
 */
export function rootName(document: Buffer): string | undefined {
  const nameIn = (text: string) => unlessMalformed(() => new XmlReader(text).rootName());
  return nameIn(document.toString("utf8", 0, FIRST_LOOK)) ?? nameIn(document.toString());
}

/** The text of the first child of that name. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return element?.children.find((child) => child.name === name)?.text;
}
