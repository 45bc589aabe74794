import { describe, expect, it } from "vitest";
import { TargetNames } from "../../../../src/s3/plan/target-names.js";
import type { ListPage } from "../../../../src/s3/store.js";

/** Pages of keys; a string in place of one is an error. Counts how many were asked for. */
function listing(...pages: (readonly string[] | string | ListPage)[]) {
  const counted = { asked: 0, left: false };
  async function* generate(): AsyncGenerator<ListPage> {
    try {
      for (const page of pages) {
        counted.asked++;
        if (typeof page === "string") throw new Error(page);
        const objects = "objects" in page ? [] : page.map((key) => ({ key, size: 0, lastModified: 0 }));
        yield "objects" in page ? page : { objects, prefixes: [] };
      }
    } finally {
      counted.left = true;
    }
  }
  return { names: new TargetNames(generate(), "p/"), counted };
}

async function told(names: TargetNames, asked: readonly string[]) {
  const answers: (boolean | undefined)[] = [];
  for (const name of asked) answers.push(await names.has(name));
  return answers;
}

describe("TargetNames", () => {
  it("tells what is there, over pages, markers of folders too", async () => {
    const { names, counted } = listing(["p/a", "p/b"], [], ["p/c/", "p/\u{1f600}"]);
    expect(await told(names, ["a", "b0", "c/", "d", "\uffff", "\u{1f600}", "\u{1f601}"])).toEqual([
      true,
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(counted).toEqual({ asked: 3, left: true });
  });

  it("reads no more pages than it is asked for names, and one", async () => {
    const pages = Array.from({ length: 50 }, (_, index) => [`p/${String(index).padStart(2, "0")}`]);
    const { names, counted } = listing(...pages);
    expect(await told(names, ["00", "01", "49", "50"])).toEqual([true, true, undefined, undefined]);
    expect(counted.asked).toBe(4);
    await names.close();
    expect(counted.left).toBe(true);
  });

  it.each([
    ["that fails", [["p/a"], "AccessDenied"]],
    ["out of order", [["p/a"], ["p/c", "p/b"]]],
    ["that begins again", [["p/a"], ["p/a", "p/b"]]],
    ["that tells one twice", [["p/a"], ["p/b", "p/b"]]],
    ["that is in doubt", [["p/a"], { objects: [], prefixes: [], doubt: "no end" }]],
  ])("knows nothing more after a listing %s", async (_, pages) => {
    const { names } = listing(...(pages as (string[] | string)[]));
    expect(await told(names, ["a", "b", "c"])).toEqual([true, undefined, undefined]);
  });

  it("nor when it is asked out of order", async () => {
    const { names } = listing(["p/a", "p/b"]);
    expect(await told(names, ["b", "a", "c"])).toEqual([true, undefined, undefined]);
    expect(await told(listing(["p/a", "p/b"]).names, ["a", "a", "b"])).toEqual([true, undefined, undefined]);
  });
});
