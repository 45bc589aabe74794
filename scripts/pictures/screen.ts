/** A stretch of a row in one style: names of classes, or "". */
export interface Run {
  readonly text: string;
  readonly style: string;
}

export type Row = readonly Run[];

/** The classes of the SGR codes that we and BuildKit write. */
const CLASSES: Readonly<Record<string, string>> = {
  1: "bold",
  2: "dim",
  31: "red",
  32: "green",
  33: "yellow",
  34: "blue",
  36: "cyan",
};

/** A control sequence, whole or not yet, or any one character. */
const TOKEN = /\u001b\[([?0-9;]*)([A-Za-z])|\u001b(?:\[[?0-9;]*)?$|[\s\S]/gu;

interface Cell {
  readonly text: string;
  readonly style: string;
}

/**
 * What stands on a terminal after all that was written to it: carriage returns, cursor movement, erasing, colours, and
 * lines that are longer than it is wide, which break between words, as a log viewer has it. It never scrolls: a picture
 * has room for all.
 */
export class Screen {
  readonly #columns: number;
  readonly #cells: Cell[][] = [[]];
  #row = 0;
  #column = 0;
  #style = "";
  /** The beginning of a sequence whose end has not come. */
  #rest = "";

  constructor(columns: number) {
    this.#columns = columns;
  }

  write(text: string): void {
    const tokens = (this.#rest + text).matchAll(TOKEN);
    this.#rest = "";
    for (const [token, parameters = "", final] of tokens) {
      if (final !== undefined) this.#control(final, parameters);
      else if (token.startsWith("\u001b")) this.#rest = token;
      else if (token === "\r") this.#column = 0;
      else if (token === "\n") this.#moveTo(this.#row + 1);
      else this.#put(token);
    }
  }

  rows(): Row[] {
    const rows = this.#cells.map((cells) => {
      const runs: Run[] = [];
      const end = cells.findLastIndex(({ text }) => text !== " ") + 1;
      for (const { text, style } of cells.slice(0, end)) {
        const last = runs.at(-1);
        if (last?.style === style) runs[runs.length - 1] = { text: last.text + text, style };
        else runs.push({ text, style });
      }
      return runs;
    });
    while (rows.at(-1)?.length === 0) rows.pop();
    return rows;
  }

  #moveTo(row: number): void {
    this.#row = Math.max(0, row);
    while (this.#cells.length <= this.#row) this.#cells.push([]);
  }

  #put(text: string): void {
    if (this.#column === this.#columns) {
      this.#break(text);
      if (text === " ") return;
    }
    const cells = this.#cells[this.#row]!;
    while (cells.length < this.#column) cells.push({ text: " ", style: "" });
    cells[this.#column++] = { text, style: this.#style };
  }

  /** Goes on in the next row, where a word that has begun is taken along; a blank ends the row. */
  #break(next: string): void {
    const cells = this.#cells[this.#row]!;
    const blank = cells.findLastIndex(({ text }) => text === " ");
    const word = cells.slice(blank + 1);
    const indent = cells.findIndex(({ text }) => text !== " ");
    this.#moveTo(this.#row + 1);
    this.#column = 0;
    if (next === " " || blank < indent || word.length === 0) return;
    cells.length = blank;
    this.#cells[this.#row] = word;
    this.#column = word.length;
  }

  #control(final: string, parameters: string): void {
    const count = Number(parameters) || 1;
    const cells = this.#cells[this.#row]!;
    if (final === "A") this.#moveTo(this.#row - count);
    else if (final === "B") this.#moveTo(this.#row + count);
    else if (final === "G") this.#column = count - 1;
    else if (final === "K") cells.length = parameters === "2" ? 0 : Math.min(cells.length, this.#column);
    else if (final === "J") {
      cells.length = Math.min(cells.length, this.#column);
      this.#cells.length = this.#row + 1;
    } else if (final === "m") {
      for (const code of parameters.split(";")) {
        const name = CLASSES[code];
        this.#style = name === undefined ? "" : `${this.#style} ${name}`.trim();
      }
      // Showing and hiding the cursor changes nothing in a picture; what else there is, somebody has to draw.
    } else if (!"hl".includes(final)) throw new Error(`no picture of ESC [ ${parameters} ${final}`);
  }
}

/** The characters alone. */
export function textOf(rows: readonly Row[]): string {
  return rows.map((row) => row.map(({ text }) => text).join("")).join("\n");
}
