import { describe, expect, it } from "vitest";
import { Filling } from "../../../../src/s3/local/filling.js";

/** A source that hands over the chunks given, one a time it is asked for more, and then ends. */
function source(...chunks: string[]) {
  const filling = new Filling();
  const taken: boolean[] = [];
  let resumes = 0;
  const resume = () => {
    resumes++;
    const give = (): void => {
      const chunk = chunks.shift();
      if (chunk === undefined) filling.end();
      else {
        const more = filling.take(Buffer.from(chunk));
        taken.push(more);
        if (more) give();
      }
    };
    setImmediate(give);
  };
  const fill = async (length: number) => {
    const target = Buffer.alloc(length, ".");
    const filled = await filling.fill(target, resume);
    return [filled, target.toString()];
  };
  return { filling, fill, taken, resumes: () => resumes };
}

describe("a buffer that a socket fills", () => {
  it("is filled over many chunks, and takes no more when it is full", async () => {
    const { fill, taken, resumes } = source("ab", "c", "d", "ef");
    expect(await fill(4)).toEqual([4, "abcd"]);
    expect(taken).toEqual([true, true, false]);
    expect(await fill(2)).toEqual([2, "ef"]);
    expect(resumes()).toBe(2);
  });

  it("what comes beyond its end is the beginning of the next, over several", async () => {
    const { fill, resumes } = source("abcdefgh", "i");
    expect(await fill(3)).toEqual([3, "abc"]);
    expect(await fill(3)).toEqual([3, "def"]);
    expect(resumes()).toBe(1);
    expect(await fill(3)).toEqual([3, "ghi"]);
    expect(await fill(3)).toEqual([0, "..."]);
  });

  it("what comes after it is full is kept, and is in its order", async () => {
    const { filling, fill } = source("ab");
    const filled = fill(2);
    expect(await filled).toEqual([2, "ab"]);
    expect(filling.take(Buffer.from("cd"))).toBe(false);
    expect(filling.take(Buffer.from("ef"))).toBe(false);
    filling.end();
    expect(await fill(3)).toEqual([3, "cde"]);
    expect(await fill(3)).toEqual([1, "f.."]);
    expect(await fill(3)).toEqual([0, "..."]);
  });

  it("begins with what came before it was asked for", async () => {
    const { filling, fill, resumes } = source("c");
    expect(filling.take(Buffer.from("ab"))).toBe(false);
    expect(await fill(3)).toEqual([3, "abc"]);
    expect(resumes()).toBe(1);
  });

  it("is filled in part at the end, and asks for nothing after that", async () => {
    const { fill, resumes } = source("ab");
    expect(await fill(3)).toEqual([2, "ab."]);
    expect(await fill(3)).toEqual([0, "..."]);
    expect(resumes()).toBe(1);
  });

  it("the bytes of a chunk are valid during the call alone", async () => {
    const filling = new Filling();
    const chunk = Buffer.from("abcd");
    const target = Buffer.alloc(2);
    expect(await filling.fill(target, () => filling.take(chunk))).toBe(2);
    chunk.fill("x");
    const rest = Buffer.alloc(2);
    expect(await filling.fill(rest, () => undefined)).toBe(2);
    expect(rest.toString()).toBe("cd");
  });

  it("fails with what was given, while it waits and ever after", async () => {
    const filling = new Filling();
    const lost = new Error("lost");
    await expect(filling.fill(Buffer.alloc(2), () => filling.fail(lost))).rejects.toBe(lost);
    let asked = false;
    const again = filling.fill(Buffer.alloc(2), () => {
      asked = true;
    });
    await expect(again).rejects.toBe(lost);
    expect(asked).toBe(false);
  });
});
