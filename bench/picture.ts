import { OURS, type Result } from "./report.js";

/** No wider than can be read on a phone. */
const WIDTH = 440;
const MARGIN = 16;
/** What has room in a line of the caption. */
const CAPTION = /.{1,72}(?: |$)/g;
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

function bars({ title, medians }: Result, top: number): string[] {
  const longest = Math.max(...Object.values(medians).map(({ wall }) => wall));
  const lines = [`<text class="case" x="0" y="${top + 14}">${escapeXml(title)}</text>`];
  for (const [index, [program, { wall }]] of Object.entries(medians).entries()) {
    const y = top + 24 + index * (BAR + GAP);
    const width = Math.max(1, ((WIDTH - LEFT - RIGHT) * wall) / longest);
    const kind = program === OURS ? "ours" : "other";
    const time = wall < 0.1 ? `${(wall * 1000).toFixed(0)} ms` : `${wall.toFixed(2)} s`;
    lines.push(
      `<text class="${kind}" x="${LEFT - 8}" y="${y + 12}" text-anchor="end">${escapeXml(program)}</text>`,
      `<rect class="${kind}" x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
      `<text class="${kind}" x="${(LEFT + width + 6).toFixed(1)}" y="${y + 12}">${time}</text>`,
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

/** The results as bars, each case to its own scale, on a background of its own for dark pages. */
export function benchPicture({ date, machine, versions, sizes, results }: Measured): string {
  const captions = [
    `Medians of ${sizes.runs} interleaved runs, ${date.slice(0, 10)}; ${machine}`,
    listed(versions),
  ].flatMap((caption) => caption.match(CAPTION) ?? []);
  const body: string[] = [];
  let top = 8;
  for (const result of results) {
    body.push(...bars(result, top));
    top += heightOf(result);
  }
  for (const [index, caption] of captions.entries())
    body.push(`<text class="caption" x="0" y="${top + 8 + index * 15}">${escapeXml(caption.trim())}</text>`);
  const [width, height] = [WIDTH + 2 * MARGIN, top + 15 * captions.length + MARGIN];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} 0 ${width} ${height}" role="img">
<title>Seconds for the same work, by program; shorter is better</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #57606a; }
text.case { font-weight: 600; fill: #1f2328; }
text.ours { font-weight: 600; fill: #0a7f42; }
text.caption { font-size: 11px; }
rect.ours { fill: #2da44e; }
rect.other { fill: #afb8c1; }
</style>
<rect x="${-MARGIN}" width="${width}" height="${height}" rx="8" fill="#ffffff"/>
${body.join("\n")}
</svg>
`;
}
