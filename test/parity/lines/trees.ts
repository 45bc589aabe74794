import type { FileSpec, ObjectSpec } from "../line.js";

/** A small tree with a sibling of a prefix (`dir2` beside `dir`), as objects and as files. */
export const TREE = {
  "a.txt": "alpha",
  "b.html": "<p>beta</p>",
  "dir/c.txt": "gamma",
  "dir/sub/d.json": "{}",
  "dir/sub/deep/e.txt": "epsilon",
  "dir2/f.txt": "phi",
  "empty.bin": "",
} as const satisfies Record<string, FileSpec & ObjectSpec>;

/** Names that trip quoting, URL encoding and signing. */
export const ODD_NAMES = [
  "with space.txt",
  "plus+sign.txt",
  "per%cent%20.txt",
  "que?stion.txt",
  "ha#sh.txt",
  "am&per=sand.txt",
  'quo"te.txt',
  "ünïcödé-日本語.txt",
  "emoji-🦊.txt",
  "semi;colon,comma.txt",
  "tilde~at@.txt",
  "(round) [square] {curly}.txt",
  "back`tick$dollar.txt",
  "bang!pipe|lt<gt>.txt",
  ".hidden",
  "-dash",
  "colon:name.txt",
  "star*.txt",
  "decomposed-é.txt",
] as const;

/** Those that different layers trip over; the trees with all of them go every way too. */
export const ODDEST_NAMES = ODD_NAMES.filter((name) => /[ +%?#*&"]|日|^-/.test(name));

/** The odd names, each with a text of its own. */
export const ODD_TREE: Readonly<Record<string, string>> = Object.fromEntries(
  ODD_NAMES.map((name, index) => [name, `odd ${index}`]),
);

/** What an expectation says of a set-up's files that stay: their texts, and the folders above them. */
export function filesOf(tree: Readonly<Record<string, string>>): Record<string, string> {
  const folders = Object.keys(tree).flatMap((name) =>
    name
      .split("/")
      .slice(0, -1)
      .map((_, depth, parts) => `${parts.slice(0, depth + 1).join("/")}/`),
  );
  return { ...Object.fromEntries(folders.map((folder) => [folder, ""])), ...tree };
}
