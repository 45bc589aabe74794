import { OURS, type Result, seconds } from "./report.js";
import type { Results } from "./results.js";

/** No wider than can be read on a phone. */
const WIDTH = 440;
const MARGIN = 16;
/** What has room in a line of the caption. */
const CAPTION = /.{1,72}(?: |$)/g;
const LEFT = 95;
const RIGHT = 65;
const BAR = 16;
const GAP = 4;

/** What is shown of all that is measured: over https, as S3 is reached. */
const SHOWN = /, https$|^verify$|^copy down/;
/** Left out: links on which all are alike, or nearly. */
const LEFT_OUT = /300 MB\/s in all/;

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function bars({ title, medians }: Result, top: number): string[] {
  const longest = Math.max(...Object.values(medians).map(({ wall }) => wall));
  const lines = [`<text class="case" x="0" y="${top + 14}">${escapeXml(title)}</text>`];
  for (const [index, [program, { wall }]] of Object.entries(medians).entries()) {
    const y = top + 24 + index * (BAR + GAP);
    const width = Math.max(1, ((WIDTH - LEFT - RIGHT) * wall) / longest);
    const kind = program === OURS ? "ours" : "other";
    lines.push(
      `<text class="${kind}" x="${LEFT - 8}" y="${y + 12}" text-anchor="end">${escapeXml(program)}</text>`,
      `<rect class="${kind}" x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
      `<text class="${kind}" x="${(LEFT + width + 6).toFixed(1)}" y="${y + 12}">${seconds(wall)}</text>`,
    );
  }
  return lines;
}

/** The text of all cases, and how high they are: those of one place below its name. */
function body(results: readonly Result[]): { lines: string[]; height: number } {
  const lines: string[] = [];
  let [top, place] = [8, ""];
  for (const result of results) {
    if (result.place !== place) {
      lines.push(`<text class="place" x="0" y="${top + 18}">${escapeXml(result.place)}</text>`);
      top += 32;
    }
    place = result.place;
    lines.push(...bars(result, top));
    top += 24 + Object.keys(result.medians).length * (BAR + GAP) + 14;
  }
  return { lines, height: top };
}

/** The results as bars, each case to its own scale, on a background of its own for dark pages. */
export function benchPicture({ date, machine, versions, sizes, results }: Results): string {
  const listed = Object.entries(versions).map((pair) => pair.join(" "));
  const captions = [
    `Medians of ${sizes.runs} runs (${sizes.starts} from start to exit), interleaved, ${date.slice(0, 10)}; ${machine}`,
    listed.join(", "),
  ].flatMap((caption) => caption.match(CAPTION) ?? []);
  const shown = results.filter(({ place, title }) => SHOWN.test(title) && !LEFT_OUT.test(place));
  const { lines, height: top } = body(shown);
  for (const [index, caption] of captions.entries())
    lines.push(`<text class="caption" x="0" y="${top + 8 + index * 15}">${escapeXml(caption.trim())}</text>`);
  const [width, height] = [WIDTH + 2 * MARGIN, top + 15 * captions.length + MARGIN];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} 0 ${width} ${height}" role="img">
<title>Seconds for the same work, by program; shorter is better</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #57606a; }
text.place { font-size: 14px; font-weight: 600; fill: #0969da; }
text.case { font-weight: 600; fill: #1f2328; }
text.ours { font-weight: 600; fill: #0a7f42; }
text.caption { font-size: 11px; }
rect.ours { fill: #2da44e; }
rect.other { fill: #afb8c1; }
</style>
<rect x="${-MARGIN}" width="${width}" height="${height}" rx="8" fill="#ffffff"/>
${lines.join("\n")}
</svg>
`;
}
