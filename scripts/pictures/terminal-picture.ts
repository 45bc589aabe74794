const CHARACTER = 8.43;
const LINE = 20;
const MARGIN = 16;
const TITLE = 34;
const COLUMNS = 104;

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The classes of the SGR codes that we write. */
const CLASSES: Readonly<Record<string, string>> = {
  1: "bold",
  2: "dim",
  31: "red",
  32: "green",
  33: "yellow",
  36: "cyan",
};

/** One line of a terminal, its colours as `<tspan>`s. */
function styled(line: string): string {
  let style = "";
  const parts = line.split(/\u001b\[([0-9;]*)m/);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) {
        style = CLASSES[part] ?? "";
        return "";
      }
      const text = escapeXml(part);
      return style === "" || text === "" ? text : `<tspan class="${style}">${text}</tspan>`;
    })
    .join("");
}

/** Breaks what is longer than the terminal is wide, as a terminal does; colours take no room. */
function wrapped(line: string): string[] {
  const rows = [""];
  let width = 0;
  for (const [token] of line.matchAll(/\u001b\[[0-9;]*m|[\s\S]/g)) {
    if (token.length === 1 && width++ === COLUMNS) {
      rows.push("");
      width = 1;
    }
    rows[rows.length - 1] += token;
  }
  return rows;
}

/** Lines as they stand on a terminal, as an SVG. A line that begins with `$ ` is what was typed. */
export function terminalPicture(title: string, lines: readonly string[]): string {
  const shown = lines.flatMap(wrapped);
  const width = Math.ceil(COLUMNS * CHARACTER + 2 * MARGIN);
  const height = TITLE + shown.length * LINE + MARGIN;
  const texts = shown.map((line, index) => {
    const y = TITLE + (index + 1) * LINE - 6;
    const body = line.startsWith("$ ")
      ? `<tspan class="green">$</tspan><tspan class="bold">${escapeXml(line.slice(1))}</tspan>`
      : styled(line);
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${body}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeXml(title)}</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3; }
.bold { font-weight: 600; } .dim { fill: #9198a1; } .red { fill: #ff7b72; } .green { fill: #7ee787; } .yellow { fill: #e3b341; } .cyan { fill: #79c0ff; }
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<circle cx="20" cy="17" r="5" fill="#ff5f57"/><circle cx="38" cy="17" r="5" fill="#febc2e"/><circle cx="56" cy="17" r="5" fill="#28c840"/>
<text x="${width / 2}" y="21" text-anchor="middle" class="dim">${escapeXml(title)}</text>
${texts.join("\n")}
</svg>
`;
}
