import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const FOLDER = ".github/workflows";

/** The text of each job, by `FILE: JOB`; a job begins two blanks below `jobs:`. */
const JOBS = readdirSync(FOLDER).flatMap((file) => {
  const [, jobs = ""] = readFileSync(`${FOLDER}/${file}`, "utf8").split(/^jobs:$/m);
  return jobs
    .split(/^ {2}(?=[\w-]+:$)/m)
    .filter((job) => job.trim() !== "" && !job.trimStart().startsWith("#"))
    .map((text) => ({ name: `${file}: ${text.slice(0, text.indexOf(":"))}`, text }));
});

/** What brings code of ours, or of the packages that we build with, into a job, or runs it. */
const OUR_CODE = /actions\/checkout|npm (?:ci|install|run|test|exec)|npx |\.ci\/run|^\s*(?:- run: )?node /m;

describe("the workflows", () => {
  it("have the jobs that we know", () => {
    expect(JOBS.map(({ name }) => name)).toEqual([
      "ci.yml: test",
      "ci.yml: everything",
      "ci.yml: windows-shells",
      "ci.yml: audit",
      "release.yml: build",
      "release.yml: publish",
    ]);
  });

  it.each(JOBS)("$name runs our code or may write, never both", ({ text }) => {
    const writes = /: write\b/.test(text);
    expect({ runs: OUR_CODE.test(text), secrets: /secrets\./.test(text) }).toEqual({
      runs: !writes,
      secrets: writes,
    });
  });

  it.each(readdirSync(FOLDER))("%s gives no right to all of its jobs", (file) => {
    const [top = ""] = readFileSync(`${FOLDER}/${file}`, "utf8").split(/^jobs:$/m);
    expect(top).toMatch(/^permissions:(?: \{\}|\n {2}contents: read)$/m);
    expect(top).not.toContain("write");
  });

  it("publish what was built, and nothing else", () => {
    const publish = JOBS.find(({ name }) => name === "release.yml: publish")?.text ?? "";
    expect(publish).toContain("needs: build");
    expect(publish).toContain("environment: release");
    expect(publish).toContain("sha256sum --check SHA256SUMS");
    expect(publish).toMatch(/npm publish --ignore-scripts .*release\/fetch-creds-\*\.tgz/);
  });
});
