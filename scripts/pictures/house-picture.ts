import { importGraph } from "../../test/support/bundle/import-graph.js";

interface Room {
  readonly name: string;
  readonly says: string;
  readonly x: number;
  readonly y: number;
}

const WIDTH = 860;
const HEIGHT = 446;
const ROOM_WIDTH = 156;
const ROOM_HEIGHT = 56;

/** Where each folder of src stands: the rim at the top, what knows nobody at the bottom. */
const ROOMS: readonly Room[] = [
  { name: "main", says: "process, streams, signals", x: 20, y: 20 },
  { name: "cli", says: "command table, parser", x: 240, y: 20 },
  { name: "commands", says: "one thin file a verb", x: 440, y: 20 },
  { name: "s3-side", says: "the door: compiled late", x: 684, y: 20 },
  { name: "doctor", says: "findings and fixes", x: 20, y: 200 },
  { name: "credentials", says: "address → checked keys", x: 186, y: 200 },
  { name: "formats", says: "quoting for each shell", x: 352, y: 200 },
  { name: "exec", says: "the child's environment", x: 518, y: 200 },
  { name: "s3", says: "plans, requests, files", x: 684, y: 200 },
  { name: "output", says: "printable, concealed", x: 180, y: 370 },
  { name: "failure", says: "what a user can read", x: 380, y: 370 },
  { name: "paths", says: "each read once", x: 580, y: 370 },
];

/** `src/s3/plan/cp.ts` → `s3`; `src/main.ts` → `main`. */
function roomOf(file: string): string {
  const [, first = "", second] = file.split("/");
  return second === undefined ? first.replace(/\.ts$/, "") : first;
}

/** `credentials output` for each pair of rooms, sorted. */
function edgesBetween(folder: string): string[] {
  const graph = importGraph(folder);
  const edges = graph.files.flatMap((file) =>
    [...graph.importsOf(file), ...graph.lazyOf(file)]
      .filter((target) => roomOf(file) !== roomOf(target))
      .map((target) => `${roomOf(file)} ${roomOf(target)}`),
  );
  return [...new Set(edges)].sort();
}

/** The rooms of src and who imports from whom. */
export function housePicture(folder: string): string {
  const room = (name: string) => ROOMS.find((each) => each.name === name);
  const lines = edgesBetween(folder).flatMap((edge) => {
    const [from, to] = edge.split(" ").map(room);
    if (from === undefined || to === undefined) return [];
    const level = from.y === to.y;
    const right = to.x > from.x;
    const [x1, y1] = level
      ? [from.x + (right ? ROOM_WIDTH : 0), from.y + ROOM_HEIGHT / 2]
      : [from.x + ROOM_WIDTH / 2, from.y + (to.y > from.y ? ROOM_HEIGHT : 0)];
    const [x2, y2] = level
      ? [to.x + (right ? 0 : ROOM_WIDTH), to.y + ROOM_HEIGHT / 2]
      : [to.x + ROOM_WIDTH / 2, to.y + (to.y > from.y ? 0 : ROOM_HEIGHT)];
    const far = level && Math.abs(to.x - from.x) > 300;
    const path = far
      ? `M${from.x + ROOM_WIDTH / 2} ${from.y + ROOM_HEIGHT} Q${(x1 + x2) / 2} ${from.y + ROOM_HEIGHT + 70} ${to.x + ROOM_WIDTH / 2} ${to.y + ROOM_HEIGHT}`
      : `M${x1} ${y1} L${x2} ${y2}`;
    return [`<path d="${path}" marker-end="url(#to)"/>`];
  });
  const boxes = ROOMS.map(({ name, says, x, y }) => {
    const late = name === "s3-side" || name === "s3" || name === "doctor" ? ' class="late"' : "";
    return `<rect x="${x}" y="${y}" width="${ROOM_WIDTH}" height="${ROOM_HEIGHT}" rx="6"${late}/>
<text class="name" x="${x + 10}" y="${y + 24}">${name}</text><text x="${x + 10}" y="${y + 43}">${says}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
<title>The rooms of src, and who imports from whom</title>
<style>
text { font: 11px system-ui, sans-serif; fill: #57606a; } .name { font: 600 14px system-ui, sans-serif; fill: #1f2328; }
rect { fill: #f6f8fa; stroke: #8c959f; } .late { fill: #ddf4ff; stroke: #54aeff; stroke-dasharray: 5 3; } path { fill: none; stroke: #8c959f; stroke-width: 1.2; }
</style>
<rect width="${WIDTH}" height="${HEIGHT}" rx="8" style="fill: #ffffff; stroke: none"/>
<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 L8 4 L0 8 z" style="fill: #8c959f; stroke: none"/></marker></defs>
${lines.join("\n")}
${boxes.join("\n")}
</svg>
`;
}
