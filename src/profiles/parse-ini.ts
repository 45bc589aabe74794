import { learnSecrets } from "../output/concealed.js";
import { depthOf, linesOfFile, splitLines, strip, stripEnd } from "./python-text.js";

/** A value: one text, or what is nested below it. `text` is as Python's reader has it, lines and all. */
export interface Value {
  readonly text: string;
  readonly nested?: ReadonlyMap<string, string>;
}

export type Section = ReadonlyMap<string, Value>;

/** Why a file cannot be read as one of profiles. Never holds what stands there. */
export class IniFault extends Error {
  readonly line: number;

  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/** What is known of a section while its file is read. */
interface OpenSection {
  readonly line: number;
  readonly settings: Map<string, Line[]>;
}

/** The section whose settings all others have, too (configparser.DEFAULTSECT). Not `[default]`. */
const DEFAULTS = "DEFAULT";

/** `[name]`, up to the last bracket of the line: what follows is passed over. */
function headerOf(line: string): string | undefined {
  const end = line.lastIndexOf("]");
  return line.startsWith("[") && end > 1 ? line.slice(1, end) : undefined;
}

/** Python's configparser.RawConfigParser, as far as botocore uses it. */
class Reader {
  readonly sections = new Map<string, OpenSection>();
  #section: OpenSection | undefined;
  /** The lines of the setting that a line indented deeper goes on with. */
  #value: Line[] | undefined;
  /** Of the line with that setting, or with the section. */
  #depth!: number;
  /** Python goes on after a line that it cannot read, and fails at the end. */
  #fault: IniFault | undefined;

  read(text: string): void {
    for (const [index, whole] of linesOfFile(text).entries()) this.#readLine(whole, index + 1);
    if (this.#fault !== undefined) throw this.#fault;
  }

  #readLine(whole: string, number: number): void {
    const text = strip(whole);
    // A comment is none within a line: there it belongs to the value.
    if (/^[#;]/.test(text)) return;
    if (text === "") {
      this.#value?.push({ text, number });
      return;
    }
    const depth = depthOf(whole);
    if (this.#value !== undefined && depth > this.#depth) {
      this.#value.push({ text, number });
      return;
    }
    this.#depth = depth;
    const header = headerOf(text);
    if (header !== undefined) this.#open(header, number);
    else if (this.#section === undefined) throw new IniFault(number, notInSection(text));
    else this.#set(this.#section, text, number);
  }

  #open(name: string, line: number): void {
    const before = this.sections.get(name);
    if (before !== undefined && name !== DEFAULTS)
      throw new IniFault(line, `this section is there already, from line ${before.line}`);
    this.#section = before ?? { line, settings: new Map() };
    this.sections.set(name, this.#section);
    this.#value = undefined;
  }

  #set({ settings }: OpenSection, text: string, number: number): void {
    const delimiter = text.search(/[=:]/);
    if (delimiter < 1) this.#fault ??= new IniFault(number, "expected [SECTION], or NAME = VALUE");
    // The setting before goes on below a line that cannot be read, not below one without a name.
    if (delimiter < 0) return;
    const name = stripEnd(text.slice(0, delimiter)).toLowerCase();
    const [before] = settings.get(name) ?? [];
    if (before !== undefined)
      throw new IniFault(number, `this setting is there already, in line ${before.number}`);
    const value = [{ text: strip(text.slice(delimiter + 1)), number }];
    settings.set(name, value);
    this.#value = name === "" ? undefined : value;
  }
}

function notInSection(text: string): string {
  return text.startsWith("\ufeff")
    ? "the file begins with a byte order mark: save it as UTF-8 without one"
    : "expected a [SECTION] before the first setting";
}

/** What is indented below an empty setting; names are kept as they stand (botocore's _parse_nested). */
function nestedOf(lines: readonly Line[]): ReadonlyMap<string, string> {
  const nested = new Map<string, string>();
  for (const { text, number } of lines)
    for (const line of splitLines(text).map(strip)) {
      if (line === "") continue;
      const equals = line.indexOf("=");
      if (equals < 0)
        throw new IniFault(number, "expected NAME = VALUE: the line is nested below an empty setting");
      nested.set(strip(line.slice(0, equals)), strip(line.slice(equals + 1)));
    }
  return nested;
}

function toValue(lines: readonly Line[]): Value {
  const text = stripEnd(lines.map((line) => line.text).join("\n"));
  if (text.startsWith("\n")) return { text, nested: nestedOf(lines) };
  // A setting of its own that was indented goes on with the one above, and may be a secret: messages repeat values.
  for (const { text: below } of lines.slice(1)) learnSecrets(below, strip(below.replace(/^[^=:]*[=:]/, "")));
  return { text };
}

/**
 * Reads an INI file exactly as botocore does (raw_config_parse): Python's configparser with its defaults, and one level of
 * nested settings. Names of settings are lower-cased; sections that are no profiles are there, too.
 *
 * @throws IniFault
 */
export function parseIni(text: string): ReadonlyMap<string, Section> {
  const reader = new Reader();
  reader.read(text);
  const shared = reader.sections.get(DEFAULTS)?.settings ?? new Map<string, Line[]>();
  const sections = new Map<string, Section>();
  for (const [name, { settings }] of reader.sections) {
    if (name === DEFAULTS) continue;
    const values = [...new Map([...shared, ...settings])].map(
      ([setting, lines]) => [setting, toValue(lines)] as const,
    );
    sections.set(name, new Map(values));
  }
  return sections;
}
