import { OURS, type Result } from "./report.js";

const WIDTH = 860;
/** Two columns, so that a page is not filled with bars. */
const COLUMN = 415;
const LEFT = 95;
const RIGHT = 65;
const BAR = 16;
const GAP = 4;

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function heightOf({ medians }: Result): number {
  return 24 + Object.keys(medians).length * (BAR + GAP) + 14;
}

function bars({ title, medians }: Result, x: number, top: number): string[] {
  const longest = Math.max(...Object.values(medians).map(({ wall }) => wall));
  const lines = [`<text class="case" x="${x}" y="${top + 14}">${escapeXml(title)}</text>`];
  for (const [index, [program, { wall }]] of Object.entries(medians).entries()) {
    const y = top + 24 + index * (BAR + GAP);
    const width = Math.max(1, ((COLUMN - LEFT - RIGHT) * wall) / longest);
    const kind = program === OURS ? "ours" : "other";
    const time = wall < 0.1 ? `${(wall * 1000).toFixed(0)} ms` : `${wall.toFixed(2)} s`;
    lines.push(
      `<text class="${kind}" x="${x + LEFT - 8}" y="${y + 12}" text-anchor="end">${escapeXml(program)}</text>`,
      `<rect class="${kind}" x="${x + LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
      `<text class="${kind}" x="${(x + LEFT + width + 6).toFixed(1)}" y="${y + 12}">${time}</text>`,
    );
  }
  return lines;
}

/** What the picture needs of bench/results/full.json. */
export interface Measured {
  /** ISO 8601 */
  readonly date: string;
  readonly machine: string;
  /** What each program says of its version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly sizes: { readonly runs: number };
  readonly results: readonly Result[];
}

/** `curl 7.88.1, rclone 1.75.2` */
function listed(versions: Measured["versions"]): string {
  return Object.entries(versions)
    .map(([name, said]) => `${name} ${/\d+(?:\.\d+)+/.exec(said)?.[0] ?? said}`)
    .join(", ");
}

/** The results as bars, each case to its own scale; readable on a light and on a dark page. */
export function benchPicture({ date, machine, versions, sizes, results }: Measured): string {
  const captions = [
    `Medians of ${sizes.runs} interleaved runs, ${date.slice(0, 10)}; ${machine}`,
    listed(versions),
  ];
  const body: string[] = [];
  const half = results.reduce((sum, result) => sum + heightOf(result), 0) / 2;
  const tops = [8, 8];
  let column = 0;
  for (const result of results) {
    if (tops[0]! >= half) column = 1;
    body.push(...bars(result, column * (WIDTH - COLUMN), tops[column]!));
    tops[column]! += heightOf(result);
  }
  const top = Math.max(...tops);
  for (const [index, caption] of captions.entries())
    body.push(`<text class="caption" x="0" y="${top + 8 + index * 15}">${escapeXml(caption)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top + 35}" viewBox="0 0 ${WIDTH} ${top + 35}" role="img">
<title>Seconds for the same work, by program; shorter is better</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #57606a; }
text.case { font-weight: 600; fill: #1f2328; }
text.ours { font-weight: 600; fill: #0a7f42; }
text.caption { font-size: 11px; }
rect.ours { fill: #2da44e; }
rect.other { fill: #afb8c1; }
@media (prefers-color-scheme: dark) { text { fill: #9198a1; } text.case { fill: #f0f6fc; } text.ours { fill: #3fb950; } rect.other { fill: #656c76; } }
</style>
${body.join("\n")}
</svg>
`;
}
