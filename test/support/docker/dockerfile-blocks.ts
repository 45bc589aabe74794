import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A Dockerfile, or a part of one, in a page. */
export interface Block {
  /** `README.md:12` */
  readonly place: string;
  /** What a reader copies: without what is shown as wrong. */
  readonly text: string;
}

function pages(): string[] {
  const docs = readdirSync("docs", { recursive: true, encoding: "utf8" });
  return [
    "README.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    ...docs.filter((name) => name.endsWith(".md")).map((name) => join("docs", name)),
  ];
}

/** The blocks of README and docs that say they are a Dockerfile. One that begins with `# wrong` is right from `# right` on. */
export function dockerfileBlocks(): Block[] {
  return pages().flatMap((page) => {
    const all = readFileSync(page, "utf8");
    return [...all.matchAll(/^```dockerfile\n(.*?)^```$/gms)].map((found) => {
      const text = found[1]!;
      const right = text.startsWith("# wrong\n") ? (text.split(/^# right$/m)[1] ?? "") : text;
      return { place: `${page}:${all.slice(0, found.index).split("\n").length}`, text: right };
    });
  });
}
