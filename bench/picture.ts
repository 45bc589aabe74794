import { OURS, type Result } from "./report.js";

const WIDTH = 860;
const LEFT = 130;
const RIGHT = 90;
const BAR = 16;
const GAP = 4;

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
    const time = wall < 0.1 ? `${(wall * 1000).toFixed(0)} ms` : `${wall.toFixed(2)} s`;
    lines.push(
      `<text class="${kind}" x="${LEFT - 8}" y="${y + 12}" text-anchor="end">${escapeXml(program)}</text>`,
      `<rect class="${kind}" x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
      `<text class="${kind}" x="${(LEFT + width + 6).toFixed(1)}" y="${y + 12}">${time}</text>`,
    );
  }
  return lines;
}

/** The results as bars, each case to its own scale; readable on a light and on a dark page. */
export function picture(results: readonly Result[], caption: string): string {
  const body: string[] = [];
  let top = 8;
  for (const result of results) {
    body.push(...bars(result, top));
    top += 24 + Object.keys(result.medians).length * (BAR + GAP) + 14;
  }
  body.push(`<text class="caption" x="0" y="${top + 8}">${escapeXml(caption)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top + 20}" viewBox="0 0 ${WIDTH} ${top + 20}" role="img">
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
