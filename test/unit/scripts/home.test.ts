import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkHome, homeOf } from "../../../scripts/release/home.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const packageOf = (repository: string) => ({
  repository: { type: "git", url: `git+https://github.com/${repository}.git` },
  homepage: `https://github.com/${repository}#readme`,
  bugs: { url: `https://github.com/${repository}/issues` },
});

describe("the home of the project", () => {
  it("is read from package.json", () => {
    expect(homeOf(packageOf("Acme-Inc/fetch-creds"))).toEqual({
      address: "https://github.com/Acme-Inc/fetch-creds",
      repository: "Acme-Inc/fetch-creds",
      image: "ghcr.io/acme-inc/fetch-creds",
      isPlaceholder: false,
    });
  });

  it.each([
    ["repository.url", { repository: { type: "git", url: "git+https://gitlab.com/a/b.git" } }],
    ["repository.url", { repository: { type: "git", url: "https://github.com/acme/fetch-creds" } }],
    ["homepage", { homepage: "https://github.com/OWNER/fetch-creds#readme" }],
    ["bugs.url", { bugs: { url: "https://github.com/acme/other/issues" } }],
  ])("is refused when %s is of another place", (field, change) => {
    expect(() => homeOf({ ...packageOf("acme/fetch-creds"), ...change })).toThrow(
      `package.json: ${field} is`,
    );
  });

  it("stands in package.json whole", () => {
    const home = homeOf(JSON.parse(readFileSync("package.json", "utf8")));
    expect(home.isPlaceholder).toBe(home.repository === "OWNER/fetch-creds");
  });
});

describe("a release from a repository", () => {
  it.each([
    ["the placeholder, elsewhere", "OWNER/fetch-creds", "acme/fetch-creds", "still the placeholder"],
    ["the placeholder, there", "OWNER/fetch-creds", "OWNER/fetch-creds", "still the placeholder"],
    ["another repository", "acme/fetch-creds", "fork/fetch-creds", "runs in fork/fetch-creds"],
    ["the same in other letters, as npm compares", "acme/fetch-creds", "Acme/fetch-creds", "runs in Acme"],
    ["no repository at all", "acme/fetch-creds", "", "this workflow runs in"],
  ])("is refused: %s", (_, home, repository, words) => {
    expect(() => checkHome(homeOf(packageOf(home)), repository)).toThrow(words);
  });

  it("is let through from its home", () => {
    expect(() => checkHome(homeOf(packageOf("acme/fetch-creds")), "acme/fetch-creds")).not.toThrow();
  });
});

describe("npm run release:home", () => {
  const SCRIPT = resolve("scripts/release-home.ts");
  const TSX = resolve("node_modules/tsx/dist/cli.mjs");

  function run(home: string, ...args: string[]): Promise<{ code: number; output: string }> {
    const folder = temporaryFolder();
    writeFileSync(folder.at("package.json"), JSON.stringify(packageOf(home)));
    return new Promise((done) => {
      execFile(process.execPath, [TSX, SCRIPT, ...args], { cwd: folder.path }, (error, stdout, stderr) => {
        folder.remove();
        done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }

  it.each([
    { home: "OWNER/fetch-creds", args: ["acme/fetch-creds"], code: 1, said: /still the placeholder/ },
    { home: "acme/fetch-creds", args: ["fork/fetch-creds"], code: 1, said: /runs in fork\/fetch-creds/ },
    { home: "acme/fetch-creds", args: ["acme/fetch-creds"], code: 0, said: /^Home: .*acme\/fetch-creds\n$/ },
    { home: "OWNER/fetch-creds", args: [], code: 0, said: /^Home: .* still the placeholder.*\n$/ },
  ])("of $home with $args exits $code", async ({ home, args, code, said }) => {
    expect(await run(home, ...args)).toEqual({ code, output: expect.stringMatching(said) });
  });
});
