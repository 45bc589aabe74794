import { type ImportGraph, importGraph } from "../../test/support/bundle/import-graph.js";
import { leastArrows, type Tie } from "./least-arrows.js";

interface Room {
  readonly name: string;
  readonly says: string;
  readonly column: number;
  readonly floor: number;
}

const ROOM_WIDTH = 180;
const ROOM_HEIGHT = 58;
const COLUMN = 195;
const FLOOR = 96;
const MARGIN = 15;

/** The rim at the top, what knows nobody at the bottom; so that no arrow crosses a room or another arrow. */
const ROOMS: readonly Room[] = [
  { name: "main", says: "an exit code, and out", column: 0, floor: 0 },
  { name: "process-context", says: "the process and clock", column: 0, floor: 1 },
  { name: "cli", says: "commands and options", column: 0, floor: 2 },
  { name: "commands", says: "one thin file a verb", column: 1, floor: 2 },
  { name: "s3-side", says: "the door to S3", column: 1, floor: 1 },
  { name: "doctor", says: "findings and fixes", column: 0, floor: 3 },
  { name: "s3", says: "plans, requests, files", column: 1, floor: 3 },
  { name: "exec", says: "running a command", column: 2, floor: 3 },
  { name: "formats", says: "quoting for each shell", column: 2, floor: 4 },
  { name: "aws", says: "signature, XML, STS", column: 1, floor: 4 },
  { name: "credentials", says: "from address to keys", column: 1, floor: 5 },
  { name: "profiles", says: "the files in ~/.aws", column: 0, floor: 6 },
  { name: "http", says: "requests, responses", column: 1, floor: 6 },
  { name: "output", says: "printable, concealed", column: 1, floor: 7 },
  { name: "paths", says: "each read once", column: 0, floor: 8 },
  { name: "failure", says: "what a user can read", column: 2, floor: 8 },
];

const CAPTION = [
  "An arrow is an import.",
  "What is further",
  "along the arrows may",
  "be imported directly.",
];

/** `src/s3/plan/cp.ts` → `s3`; `src/main.ts` → `main`. */
function roomOf(file: string): string {
  const [, first = "", second] = file.split("/");
  return second === undefined ? first.replace(/\.ts$/, "") : first;
}

/** Which room imports from which, and how often. */
function tiesOf(graph: ImportGraph): Tie[] {
  const counts = new Map<string, number>();
  for (const file of graph.files)
    for (const target of [...graph.importsOf(file), ...graph.lazyOf(file)]) {
      const pair = `${roomOf(file)} ${roomOf(target)}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
  return [...counts].flatMap(([pair, times]) => {
    const [from = "", to = ""] = pair.split(" ");
    const drawn = [from, to].every((name) => ROOMS.some((room) => room.name === name));
    return drawn && from !== to ? [{ from, to, times }] : [];
  });
}

const left = ({ column }: Room) => MARGIN + column * COLUMN;
const top = ({ floor }: Room) => MARGIN + floor * FLOOR;

/** From the nearest side of the one to that of the other; `aside` keeps the two ways of a pair apart. */
function line(from: Room, to: Room, aside: number): string {
  if (from.floor === to.floor) {
    const right = to.column > from.column;
    const y = top(from) + ROOM_HEIGHT / 2 + aside;
    return `M${left(from) + (right ? ROOM_WIDTH : 0)} ${y} L${left(to) + (right ? 0 : ROOM_WIDTH)} ${y}`;
  }
  const down = to.floor > from.floor;
  const towards = Math.sign(to.column - from.column) * (ROOM_WIDTH / 2 - 24);
  const x1 = left(from) + ROOM_WIDTH / 2 + towards + aside;
  const x2 = left(to) + ROOM_WIDTH / 2 - towards + aside;
  return `M${x1} ${top(from) + (down ? ROOM_HEIGHT : 0)} L${x2} ${top(to) + (down ? 0 : ROOM_HEIGHT)}`;
}

function arrows(ties: readonly Tie[]): string[] {
  const room = (name: string) => ROOMS.find((each) => each.name === name)!;
  return ties.map(({ from, to }) => {
    const both = ties.some((other) => other.from === to && other.to === from);
    const aside = both ? (from < to ? -8 : 8) : 0;
    return `<path d="${line(room(from), room(to), aside)}" marker-end="url(#to)"/>`;
  });
}

/** The rooms of src and who imports from whom. */
export function housePicture(folder: string): string {
  const graph = importGraph(folder);
  const atStart = new Set(graph.reachedFrom(`${folder}/main.ts`).map(roomOf));
  const width = 2 * MARGIN + 2 * COLUMN + ROOM_WIDTH;
  const height = 2 * MARGIN + 8 * FLOOR + ROOM_HEIGHT;
  const boxes = ROOMS.map((room) => {
    const [x, y] = [left(room), top(room)];
    const late = atStart.has(room.name) ? "" : ' class="late"';
    return `<rect x="${x}" y="${y}" width="${ROOM_WIDTH}" height="${ROOM_HEIGHT}" rx="6"${late}/>
<text class="name" x="${x + 10}" y="${y + 25}">${room.name}</text><text x="${x + 10}" y="${y + 46}">${room.says}</text>`;
  });
  const captionTop = MARGIN + 20;
  const caption = [...CAPTION, "", "Blue: compiled when", "it is first needed."].map(
    (text, index) => `<text x="${MARGIN + 2 * COLUMN}" y="${captionTop + index * 20}">${text}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>The rooms of src, and who imports from whom</title>
<style>
text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #57606a; } .name { font: 600 17px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
rect { fill: #f6f8fa; stroke: #8c959f; } .late { fill: #ddf4ff; stroke: #54aeff; stroke-dasharray: 5 3; } path { fill: none; stroke: #8c959f; stroke-width: 1.5; }
</style>
<rect width="${width}" height="${height}" rx="8" style="fill: #ffffff; stroke: none"/>
<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 L8 4 L0 8 z" style="fill: #8c959f; stroke: none"/></marker></defs>
${arrows(leastArrows(tiesOf(graph))).join("\n")}
${boxes.join("\n")}
${caption.join("\n")}
</svg>
`;
}
