import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileNamePattern } from "../../../src/s3/filters/file-name-pattern.js";
import { FolderClash } from "../../../src/s3/plan/folder-clash.js";
import { compareKeys } from "../../../src/s3/tree/key-order.js";
import { canonicalName, localNameProblem } from "../../../src/s3/tree/local-names.js";
import { merge } from "../../../src/s3/tree/merge.js";
import { Share } from "../../support/share.js";

/** Any text; often of the characters whose order in UTF-16 is not that of their bytes, and in a few short names. */
const key = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: fc.constantFrom("a", "\ud7ff", "\ue000", "\uffff", "\u{10000}"), maxLength: 3 }),
);
const path = fc
  .array(fc.constantFrom("a", "b", "-", ".", "..", "/", "\0", "é", "\\", "A"), { maxLength: 10 })
  .map((parts) => parts.join(""));
/** Short paths of few names: some are folders of others, or sort between a file and what is below its name. */
const nested = fc
  .array(fc.constantFrom("a", "b", "a-", "a0"), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"));

describe("keys", () => {
  it("sort as their UTF-8 bytes", () => {
    const otherwise = new Share();
    fc.assert(
      fc.property(key, key, (a, b) => {
        otherwise.count(a < b !== Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0);
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 1000 },
    );
    // Where the order of UTF-16 is another one.
    otherwise.expectAtLeast(0.02, 0.5);
  });

  it("that are admitted stay below the root, and are canonical for the system too", () => {
    const admitted = new Share();
    fc.assert(
      fc.property(path, (name) => {
        if (!admitted.count(localNameProblem(name) === undefined)) return;
        const canonical = canonicalName(name);
        expect(resolve("/root", canonical)).toBe(resolve(`/root/${name}`));
        expect(`${resolve("/root", canonical)}/`.startsWith("/root/")).toBe(true);
      }),
      { numRuns: 2000 },
    );
    admitted.expectAtLeast(0.1, 0.9);
  });

  it("clash exactly when one is the folder of another", () => {
    const clashes = new Share();
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(path, nested)), (names) => {
        const sorted = names.filter((name) => name !== "").sort(compareKeys);
        const clash = new FolderClash();
        const kept: string[] = [];
        for (const name of sorted) {
          const expected = kept.some((file) => name.startsWith(`${file}/`));
          clashes.count(expected);
          expect(clash.clashes(name)).toBe(expected);
          if (!expected) kept.push(name);
        }
      }),
      { numRuns: 300 },
    );
    clashes.expectAtLeast(0.03, 0.5);
  });
});

/** The same by a regular expression, as Python's own fnmatch.translate makes it. */
function reference(pattern: string): RegExp {
  const body = pattern.replace(/[*?]|[^*?]/gsu, (one) =>
    one === "*" ? ".*" : one === "?" ? "." : one.replace(/[$()*+.?[\\\]^{|}/-]/g, "\\$&"),
  );
  return new RegExp(`^${body}$`, "su");
}

describe("patterns", () => {
  it("of * and ? match as the regular expression does", () => {
    const text = fc.array(fc.constantFrom("a", "b", "/", "\n", "\u{1f600}")).map((parts) => parts.join(""));
    const pattern = fc
      .array(fc.constantFrom("a", "b", "*", "?", "/", "."), { maxLength: 8 })
      .map((parts) => parts.join(""));
    const matching = new Share();
    fc.assert(
      fc.property(pattern, text, fc.boolean(), (glob, random, likely) => {
        const name = likely ? glob.replaceAll("*", random.slice(0, 2)).replaceAll("?", "b") : random;
        expect(matching.count(fileNamePattern(glob).matches(name))).toBe(reference(glob).test(name));
      }),
      { numRuns: 2000 },
    );
    matching.expectAtLeast(0.1, 0.9);
  });

  it("tell what they leave of a folder, in doubt that they may match some of it", () => {
    const parts = (...of: string[]) =>
      fc.array(fc.constantFrom(...of), { maxLength: 4 }).map((all) => all.join(""));
    const rest = fc.tuple(fc.constantFrom("a", "b", "/"), parts("a", "b", "/")).map((all) => all.join(""));
    const matching = new Share();
    fc.assert(
      fc.property(
        parts("a", "b", "*", "?", "/", "[a-b]", "[!a]"),
        parts("a", "b", "/"),
        rest,
        (glob, folder, more) => {
          const pattern = fileNamePattern(glob);
          const matches = matching.count(pattern.matches(folder + more));
          if (matches) expect(pattern.mayMatchBelow(folder)).toBe(true);
          else expect(pattern.matchesAllBelow(folder)).toBe(false);
        },
      ),
      { numRuns: 5000 },
    );
    matching.expectAtLeast(0.05, 0.9);
  });

  it("of anything are taken, and match something or nothing without fail", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (glob, name) => {
        expect(typeof fileNamePattern(glob).matches(name)).toBe("boolean");
      }),
    );
  });
});

describe("merge", () => {
  it("tells each name once, of the side or sides that have it", async () => {
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    const names = fc.uniqueArray(key).map((all) => all.sort(byBytes));
    const shared = new Share();
    const entries = (all: string[]) => {
      let index = 0;
      return {
        next: () => {
          const name = all[index++];
          const entry = name === undefined ? undefined : { name };
          return index % 3 === 0 ? Promise.resolve(entry) : entry;
        },
      };
    };
    await fc.assert(
      fc.asyncProperty(names, names, async (sources, targets) => {
        for (const name of sources) shared.count(targets.includes(name));
        const told: Record<string, string[]> = { source: [], both: [], target: [] };
        const note = (kind: string) => (entry: { name: string }) => {
          told[kind]!.push(entry.name);
          return undefined;
        };
        await merge(entries(sources), entries(targets), {
          onlySource: note("source"),
          both: note("both"),
          onlyTarget: note("target"),
        });
        expect(told).toEqual({
          source: sources.filter((name) => !targets.includes(name)),
          both: sources.filter((name) => targets.includes(name)),
          target: targets.filter((name) => !sources.includes(name)),
        });
      }),
      { numRuns: 300 },
    );
    shared.expectAtLeast(0.02, 0.9);
  });
});
