import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { CODEBUILD, description, expectNoSecret, inForky } from "./suite.js";

interface Log {
  /** The heading it stands below. */
  readonly title: string;
  readonly dockerfile: string;
  readonly command: string;
  /** Of what it prints; `…` alone stands for lines that are left out. */
  readonly shown: string;
}

/** The logs of docs/build-logs.md: each is of the Dockerfile that was the last one before it. */
function documentedLogs(): Log[] {
  const logs: Log[] = [];
  let dockerfile = "";
  let title = "";
  const blocks = /^## ([^\n]*)$|^```(dockerfile|text)\n(.*?)^```$/gms;
  for (const [, heading, kind, text = ""] of readFileSync("docs/build-logs.md", "utf8").matchAll(blocks)) {
    if (heading !== undefined) title = heading;
    else if (kind === "dockerfile") dockerfile = text;
    else {
      const [command = "", ...shown] = text.split("\n");
      logs.push({ title, dockerfile, command: command.replace(/^\$ /, ""), shown: shown.join("\n") });
    }
  }
  return logs;
}

/** A log without what is another in each build: step numbers, times, names of images, whose the keys are. */
function steady(log: string): string {
  return stripVTControlCharacters(log)
    .replaceAll(/^#\d+ /gm, "#N ")
    .replaceAll(/^(#N )?\d+\.\d+ /gm, "$1S ")
    .replaceAll(/\b\d+\.\ds$/gm, "0.0s")
    .replaceAll(/\b[0-9a-f]{12,64}\b/g, "HASH")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z \(\d+ min left\)/g, "TIME")
    .replaceAll(/\*{16}\w{4}/g, "KEY")
    .replaceAll(/\/v2\/credentials\/[0-9a-f]{4}/g, "/v2/credentials/ID")
    .replaceAll(/ +$/gm, "");
}

/** Of the runs of lines that are shown, the first that does not come in the log, in their order; undefined: all do. */
function missingIn(log: string, shown: string): string | undefined {
  let rest = `\n${steady(log)}\n`;
  for (const lines of steady(shown).trim().split(/\n…\n/)) {
    const at = rest.indexOf(`\n${lines}\n`);
    if (at < 0) return lines;
    rest = rest.slice(at + lines.length + 1);
  }
  return undefined;
}

/** The lines of fetch-creds that say what failed, as often as they come. */
function failuresIn(log: string): (string | undefined)[] {
  return Array.from(steady(log).matchAll(/^(?:#N )?(?:S )?(fetch-creds: .*)$/gm), ([, line]) => line);
}

const LOGS = documentedLogs();

describe("docs/build-logs.md", () => {
  it("is compared line by line", () => {
    const log = "a\n#3 0.21 b c\nd\n#4 e\n";
    expect(missingIn(log, "#7 0.9 b c\nd\n…\n#7 e\n")).toBeUndefined();
    expect(missingIn(log, "#7 0.9 b\n")).toBe("#N S b");
    expect(missingIn(log, "#7 e\n…\na\n")).toBe("a");
  });

  it("has logs of both builders", () => {
    expect(LOGS.length).toBeGreaterThanOrEqual(4);
    expect(LOGS.filter(({ command }) => command.includes("DOCKER_BUILDKIT=0"))).toHaveLength(1);
  });

  it.each(LOGS)("$title: $command", async ({ dockerfile, command, shown }) => {
    using context = buildContext({ Dockerfile: dockerfile });
    const env = { ...CODEBUILD, DOCKER_HOST: description.engine };
    // By one pipe, or what comes by the other may overtake it.
    const line = `${command.replace("docker build", "docker build --no-cache")} 2>&1`;
    const run = await inForky(["sh", "-c", line], { cwd: context.path, env });
    expectNoSecret(run.output);
    expect(shown.trim()).not.toBe("");
    expect(missingIn(run.output, shown), run.output).toBeUndefined();
    // What prints more has these lines among others.
    expect(failuresIn(run.output)).toEqual(failuresIn(shown));
    // The classic builder exits with the code of the step, BuildKit with 1.
    const [, ofStep] = / returned a non-zero code: (\d+)$/m.exec(shown) ?? [];
    expect(run.code).toBe(ofStep === undefined ? Number(shown.includes("failed to solve")) : Number(ofStep));
  });
});
