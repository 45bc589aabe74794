import { COLUMNS } from "./on-terminal.js";
import type { Row } from "./screen.js";

const CHARACTER = 8.43;
const LINE = 20;
const MARGIN = 16;
const TITLE = 34;

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Rows as they stand on a terminal, as an SVG. */
export function terminalPicture(title: string, rows: readonly Row[]): string {
  const width = Math.ceil(COLUMNS * CHARACTER + 2 * MARGIN);
  const height = TITLE + rows.length * LINE + MARGIN;
  const texts = rows.map((row, index) => {
    const body = row.map(({ text, style }) =>
      style === "" ? escapeXml(text) : `<tspan class="${style}">${escapeXml(text)}</tspan>`,
    );
    const y = TITLE + (index + 1) * LINE - 6;
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${body.join("")}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeXml(title)}</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3; }
.bold { font-weight: 600; } .dim { fill: #9198a1; } .red { fill: #ff7b72; } .green { fill: #7ee787; } .yellow { fill: #e3b341; } .blue, .cyan { fill: #79c0ff; }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#0d1117" stroke="#3d444d"/>
<circle cx="20" cy="17" r="5" fill="#ff5f57"/><circle cx="38" cy="17" r="5" fill="#febc2e"/><circle cx="56" cy="17" r="5" fill="#28c840"/>
<text x="${width / 2}" y="21" text-anchor="middle" class="dim">${escapeXml(title)}</text>
${texts.join("\n")}
</svg>
`;
}
