/** One instruction of a Dockerfile, its continued lines joined and the comments between them dropped. */
export interface Instruction {
  /** As written: `RUN`. */
  readonly name: string;
  readonly rest: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

/** Splits a Dockerfile without heredocs into its instructions. */
export function parseDockerfile(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let joined = "";
  let first = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*#/.test(line) || (joined === "" && line.trim() === "")) continue;
    if (joined === "") first = index + 1;
    const continued = /\\\s*$/.test(line);
    joined += continued ? line.replace(/\\\s*$/, "") : line;
    if (continued) continue;
    const [, name = "", rest = ""] = /^\s*(\S+)\s*(.*)$/s.exec(joined) ?? [];
    instructions.push({ name, rest: rest.trim(), line: first });
    joined = "";
  }
  if (joined !== "") throw new Error(`The Dockerfile ends in the middle of line ${first}'s instruction.`);
  return instructions;
}

/** The command of a RUN, without its `--mount` and other flags. */
export function runCommand(rest: string): string {
  return rest.replace(/^(--\S+\s+)+/, "");
}
