import { describe, expect, it } from "vitest";
import { housePicture } from "../../../scripts/pictures/house-picture.js";
import { leastArrows } from "../../../scripts/pictures/least-arrows.js";

const tie = (text: string, times = 1) => {
  const [from = "", to = ""] = text.split(" ");
  return { from, to, times };
};
const drawn = (...ties: ReturnType<typeof tie>[]) => leastArrows(ties).map(({ from, to }) => `${from} ${to}`);

describe("the fewest arrows", () => {
  it("leave out what leads past others", () => {
    expect(drawn(tie("a b"), tie("b c"), tie("a c"))).toEqual(["a b", "b c"]);
  });

  it("leave out the weaker of two ways", () => {
    const square = [tie("a b"), tie("b d"), tie("a c"), tie("c d"), tie("b c", 5), tie("c b", 2)];
    expect(drawn(...square)).toEqual(["a c", "b c", "c b", "c d"]);
  });

  it("keep all that nothing else stands for", () => {
    expect(drawn(tie("a c"), tie("b c"), tie("c d"))).toEqual(["a c", "b c", "c d"]);
  });
});

interface Line {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** On which side of a line a point is. */
const side = ({ x1, y1, x2, y2 }: Line, x: number, y: number) =>
  Math.sign((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1));

function cross(a: Line, b: Line): boolean {
  return side(a, b.x1, b.y1) * side(a, b.x2, b.y2) < 0 && side(b, a.x1, a.y1) * side(b, a.x2, a.y2) < 0;
}

describe("the picture of the house", () => {
  const picture = housePicture("src");
  const lines = [...picture.matchAll(/<path d="M(\S+) (\S+) L(\S+) (\S+)" marker/g)].map((match) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = match.slice(1).map(Number);
    return { x1, y1, x2, y2 };
  });
  const rooms = [...picture.matchAll(/<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)" rx="6"/g)].map(
    (match) => {
      const [x = 0, y = 0, width = 0, height = 0] = match.slice(1).map(Number);
      return { x, y, right: x + width, bottom: y + height };
    },
  );

  it("has its rooms and arrows", () => {
    expect(rooms.length).toBeGreaterThan(12);
    expect(lines.length).toBeGreaterThanOrEqual(rooms.length - 1);
  });

  it("has no knot: no arrow crosses another, or a room", () => {
    const knots = lines.flatMap((line, index) =>
      lines.slice(index + 1).filter((other) => cross(line, other)),
    );
    // The diagonals of a room meet every line through it; each is a little smaller than the room, whose edge arrows touch.
    const through = lines.filter((line) =>
      rooms.some(({ x, y, right, bottom }) =>
        [
          { x1: x + 1, y1: y + 1, x2: right - 1, y2: bottom - 1 },
          { x1: x + 1, y1: bottom - 1, x2: right - 1, y2: y + 1 },
        ].some((diagonal) => cross(line, diagonal)),
      ),
    );
    expect({ knots, through }).toEqual({ knots: [], through: [] });
  });
});
