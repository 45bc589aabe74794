import type { Median } from "./measure.js";

/** The medians of one case, by program; ours is `fetch-creds`. */
export interface Result {
  /** Through which link, or that there was none. */
  readonly place: string;
  readonly title: string;
  readonly medians: Readonly<Record<string, Median>>;
}

export const OURS = "fetch-creds";

export function seconds(value: number): string {
  return value < 0.1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

/** One line a program: wall time, ours over theirs, CPU, memory. */
export function table(results: readonly Result[]): string {
  const rows = [["case", "program", "wall", "ours ÷ theirs", "CPU", "peak memory"]];
  for (const { place, title, medians } of results) {
    const ours = medians[OURS];
    for (const [program, { wall, cpu, memory }] of Object.entries(medians)) {
      const ratio = ours === undefined || program === OURS ? "" : (ours.wall / wall).toFixed(2);
      const first = program === Object.keys(medians)[0];
      rows.push([
        first ? (results.length > 1 ? `${place}: ${title}` : title) : "",
        program,
        seconds(wall),
        ratio,
        seconds(cpu),
        `${Math.round(memory / 1024)} MiB`,
      ]);
    }
  }
  return inColumns(rows);
}

/** Cells padded to the widest of their column. */
export function inColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
