import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.js";

const FOLDER = ".github/workflows";

/** The text of each job, by `FILE: JOB`; a job begins two blanks below `jobs:`. */
const JOBS = readdirSync(FOLDER).flatMap((file) => {
  const [, jobs = ""] = readFileSync(`${FOLDER}/${file}`, "utf8").split(/^jobs:$/m);
  return jobs
    .split(/^ {2}(?=[\w-]+:$)/m)
    .filter((job) => job.trim() !== "" && !job.trimStart().startsWith("#"))
    .map((text) => ({ name: `${file}: ${text.slice(0, text.indexOf(":"))}`, text }));
});

const PUBLISH = JOBS.find(({ name }) => name === "release.yml: publish")?.text ?? "";

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
    expect(PUBLISH).toContain("needs: build");
    expect(PUBLISH).toContain("environment: release");
    expect(PUBLISH).toContain("sha256sum --check SHA256SUMS");
  });

  it("refuse a home that is not the repository before anything is built", () => {
    const { text: build = "" } = JOBS.find(({ name }) => name === "release.yml: build") ?? {};
    const check = build.indexOf('npm run release:home -- "$GITHUB_REPOSITORY"');
    expect(check).toBeGreaterThan(0);
    for (const later of ["npm run check", "npm run release:dry", "upload-artifact"])
      expect(build.indexOf(later)).toBeGreaterThan(check);
    expect(build).not.toMatch(/continue-on-error|if:/);
  });
});

/** The scripts of the job that publishes, by the names of their steps, in their order. */
const PUBLISHING = [...PUBLISH.matchAll(/^ {6}- name: (.*)\n {8}run: \|\n((?: {10}.*\n)+)/gm)].map(
  ([, name = "", script = ""]) => ({ name, script: script.replaceAll(/^ {10}/gm, "") }),
);

/**
 * A folder with `release`, and with programs that write down how they were called. What a test says that is out already
 * is in files: `released`, and `published` with what npm has.
 */
function stage(): TemporaryFolder {
  const folder = temporaryFolder();
  for (const name of ["bin", "release"]) mkdirSync(folder.at(name));
  writeFileSync(folder.at("release", "fetch-creds-1.2.3.tgz"), "the package");
  writeFileSync(folder.at("release", "fetch-creds-1.2.3.oci.tar"), "the image");
  const program = (name: string, script: string) =>
    writeFileSync(folder.at("bin", name), `#!/bin/sh\n${script}`, { mode: 0o755 });
  const logs = (name: string) => `echo "${name} $*" >>"$STAGE/calls"\n`;
  program(
    "gh",
    `${logs("gh")}case "$2" in view) test -e "$STAGE/released";; create) test ! -e "$STAGE/released";; esac`,
  );
  program("skopeo", logs("skopeo"));
  program(
    "npm",
    `${logs("npm")}case "$1" in
view) cat "$STAGE/published";;
config) [ "$2" != get ] || echo https://npm.example/;;
publish) test ! -e "$STAGE/published";;
esac`,
  );
  return folder;
}

function publish(folder: TemporaryFolder, token = "") {
  const env = {
    PATH: `${folder.at("bin")}:${process.env.PATH}`,
    STAGE: folder.path,
    GITHUB_REF_NAME: "v1.2.3",
    GITHUB_REPOSITORY: "Acme/fetch-creds",
    GITHUB_ACTOR: "somebody",
    TOKEN: "t",
    NPM_TOKEN: token,
  };
  const codes = PUBLISHING.map(
    // As GitHub's runner runs them.
    ({ script }) => spawnSync("bash", ["-e", "-c", script], { cwd: folder.path, env }).status,
  );
  return { codes, calls: readFileSync(folder.at("calls"), "utf8").trim().split("\n") };
}

describe("publishing", () => {
  it("is the release, then the image, then npm", () => {
    using folder = stage();
    const { codes, calls } = publish(folder, "secret");
    expect(codes).toEqual([0, 0, 0]);
    expect(calls.map((call) => call.split(" ").slice(0, 3).join(" "))).toEqual([
      "gh release view",
      "gh release create",
      "gh release edit",
      "gh release upload",
      "skopeo login --username",
      "skopeo copy --all",
      "skopeo copy --all",
      "npm view fetch-creds@1.2.3",
      "npm config get",
      "npm config set",
      "npm publish --ignore-scripts",
    ]);
    expect(calls.filter((call) => call.startsWith("skopeo copy"))).toEqual([
      "skopeo copy --all oci-archive:release/fetch-creds-1.2.3.oci.tar docker://ghcr.io/acme/fetch-creds:1.2.3",
      "skopeo copy --all oci-archive:release/fetch-creds-1.2.3.oci.tar docker://ghcr.io/acme/fetch-creds:latest",
    ]);
    expect(calls.at(-1)).toBe(
      "npm publish --ignore-scripts --provenance --access public release/fetch-creds-1.2.3.tgz",
    );
  });

  it("needs no token for npm", () => {
    using folder = stage();
    const { codes, calls } = publish(folder);
    expect(codes).toEqual([0, 0, 0]);
    expect(calls).not.toContainEqual(expect.stringContaining("_authToken"));
  });

  it("can be repeated when all of it is out", () => {
    using folder = stage();
    writeFileSync(folder.at("released"), "");
    const digest = createHash("sha512").update("the package").digest("base64");
    writeFileSync(folder.at("published"), `sha512-${digest}\n`);
    const { codes, calls } = publish(folder);
    expect(codes).toEqual([0, 0, 0]);
    expect(calls).not.toContainEqual(expect.stringMatching(/release create|npm publish/));
    expect(calls).toContainEqual(expect.stringMatching(/release upload v1\.2\.3 --clobber/));
  });

  it("fails where npm has other bytes under this version", () => {
    using folder = stage();
    writeFileSync(folder.at("published"), "sha512-other\n");
    expect(publish(folder).codes).toEqual([0, 0, 1]);
  });
});
