import { readFileSync } from "node:fs";
import { OURS, type Result, seconds } from "../../bench/report.js";
import { lastResults, type Results } from "../../bench/results.js";
import { PATIENCE } from "../../bench/sizes.js";

const MADE =
  "<!-- Made by npm run docs from bench/results/full.json, which npm run bench writes. Changes here are lost. -->";

function cell(result: Result, program: string, runs: number): string {
  const median = result.medians[program];
  if (median === undefined) return "–";
  const once = median.runs < runs ? "\\*" : "";
  const memory = result.title.includes("GiB") ? `, ${Math.round((median.memory * 1024) / 1e6)} MB` : "";
  return `${seconds(median.wall)}${memory}${once}`;
}

/** One table for each place: a row a case, a column a program. */
function tables({ results, sizes }: Results): string {
  const places = [...new Set(results.map(({ place }) => place))];
  return places
    .map((place) => {
      const here = results.filter((result) => result.place === place);
      const programs = [...new Set(here.flatMap(({ medians }) => Object.keys(medians)))];
      const rows = here.map((result) => [
        result.title,
        ...programs.map((program) => cell(result, program, sizes.runs)),
      ]);
      const lines = [[place, ...programs], programs.concat("").map(() => "---"), ...rows];
      return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
    })
    .join("\n\n");
}

function onWhat({ date, machine, versions, sizes }: Results): string {
  const listed = Object.entries(versions).map((pair) => pair.join(" "));
  return `Medians of ${sizes.runs} interleaved runs (${sizes.starts} from start to exit), ${date.slice(0, 10)}, ${machine}; ${listed.join(", ")}.`;
}

/** The comparison in figures; without results, how to get them. */
export function measuredSection(results: Results | undefined): string {
  if (results === undefined)
    return "`npm run bench` measures, and prints the versions of what it compares: [bench/README.md](../bench/README.md).";
  return [
    onWhat(results),
    "A link here is a proxy that delays and limits as the way between a build host and S3 does; a round trip takes the named time.",
    tables(results),
    `\\*: took longer than ${PATIENCE} s, and was run once. –: cannot do it, or used so much CPU time through the link that it was not run again. MB: peak resident memory.`,
  ].join("\n\n");
}

function speedSection(results: Results | undefined): string {
  const more =
    "`npm run bench` measures it on your machine ([bench/README.md](bench/README.md) says how, and where other tools are faster).";
  if (results === undefined) return more;
  return `![seconds for the same work: ${OURS} and other tools](docs/images/bench.svg)\n\n[All figures](docs/comparison.md#measured). ${more}`;
}

/** A page whose section of this title says this. */
export function withSection(page: string, title: string, text: string): string {
  const section = new RegExp(`(?<=^## ${title}\\n)[\\s\\S]*?(?=^## )`, "m");
  if (!section.test(page)) throw new Error(`there is no section '${title}'`);
  return page.replace(section, () => `\n${MADE}\n\n${text}\n\n`);
}

/** docs/comparison.md as it has to be. */
export function comparisonPage(): string {
  const page = readFileSync("docs/comparison.md", "utf8");
  return withSection(page, "Measured", measuredSection(lastResults()));
}

/** The README with its picture of the results. */
export function withSpeed(readme: string): string {
  return withSection(readme, "Speed", speedSection(lastResults()));
}
