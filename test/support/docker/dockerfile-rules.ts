import { type Instruction, runCommand } from "./dockerfile.js";

/**
 * A rule of hadolint, which is neither among Debian's packages nor on npm: its rules are written out here.
 */
export interface Rule {
  /** Its name there. */
  readonly name: string;
  /** What breaks it, in words; empty: nothing does. */
  readonly broken: (instructions: readonly Instruction[]) => string[];
}

/** A rule that looks at one instruction at a time. */
function each(name: string, applies: string, breaks: (rest: string) => boolean): Rule {
  const broken = (instructions: readonly Instruction[]) =>
    instructions
      .filter((one) => new RegExp(`^(${applies})$`, "i").test(one.name) && breaks(one.rest))
      .map((one) => `${name} at line ${one.line}: ${one.name} ${one.rest}`);
  return { name, broken };
}

function names(instructions: readonly Instruction[]): string[] {
  return instructions
    .filter(({ name }) => /^from$/i.test(name))
    .flatMap(({ rest }) => /\sas\s+(\S+)/i.exec(rest)?.[1] ?? []);
}

/** The stages, each with its instructions from FROM on. */
function stages(instructions: readonly Instruction[]): Instruction[][] {
  const all: Instruction[][] = [];
  for (const one of instructions) {
    if (/^from$/i.test(one.name)) all.push([]);
    all.at(-1)?.push(one);
  }
  return all;
}

/** A rule that holds for every stage by itself. */
function perStage(name: string, breaks: (stage: readonly Instruction[]) => boolean): Rule {
  const broken = (instructions: readonly Instruction[]) =>
    stages(instructions)
      .filter(breaks)
      .map((stage) => `${name} in the stage at line ${stage[0]?.line}`);
  return { name, broken };
}

const image = (rest: string) => rest.replace(/^--\S+\s+/, "").split(/\s/)[0] ?? "";
const duplicates = (list: readonly string[]) => list.filter((name, at) => list.indexOf(name) !== at);
/** hadolint's own rules (https://github.com/hadolint/hadolint#rules), those that a Dockerfile of ours could break. */
export const HADOLINT_RULES: readonly Rule[] = [
  each("DL3000", "WORKDIR", (rest) => !/^["/$]/.test(rest)),
  each("DL3002", "USER", (rest) => /^(root|0)\b/.test(rest)),
  each("DL3003", "RUN", (rest) => /(^|&&|;)\s*cd\s/.test(runCommand(rest))),
  each("DL3004", "RUN", (rest) => /\bsudo\s/.test(rest)),
  {
    name: "DL3006",
    broken: (all) =>
      all
        .filter(
          ({ name, rest }) =>
            name === "FROM" && !/[:@]/.test(image(rest)) && !names(all).includes(image(rest)),
        )
        .map(({ rest }) => `DL3006: ${rest}`),
  },
  each("DL3007", "FROM", (rest) => image(rest).endsWith(":latest")),
  each("DL3008", "RUN", (rest) => /apt-get install/.test(rest)),
  each("DL3020", "ADD", () => true),
  each("DL3021", "COPY", (rest) => {
    const operands = rest.split(/\s+/).filter((word) => !word.startsWith("--"));
    return operands.length > 2 && !/[/.]$/.test(operands.at(-1) ?? "");
  }),
  {
    name: "DL3022",
    broken: (all) =>
      all.flatMap(({ rest, name }) => {
        const from = name === "COPY" ? /--from=(\S+)/.exec(rest)?.[1] : undefined;
        return from === undefined || from.includes(":") || names(all).includes(from)
          ? []
          : [`DL3022: ${from}`];
      }),
  },
  { name: "DL3024", broken: (all) => duplicates(names(all)) },
  each("DL3025", "CMD|ENTRYPOINT", (rest) => !rest.startsWith("[")),
  perStage("DL3045", (stage) => {
    const workdir = stage.findIndex(({ name }) => name === "WORKDIR");
    const copies = stage.filter(({ name, rest }) => name === "COPY" && !/\s["/$][^\s]*$/.test(rest));
    return copies.some((copy) => workdir < 0 || stage.indexOf(copy) < workdir);
  }),
  perStage("DL3059", (stage) => stage.some((one, at) => one.name === "RUN" && stage[at + 1]?.name === "RUN")),
  each("DL4000", "MAINTAINER", () => true),
  perStage("DL4003", (stage) => stage.filter(({ name }) => name === "CMD").length > 1),
  each("DL4006", "RUN", (rest) => /[^|]\|[^|]/.test(runCommand(rest))),
];
