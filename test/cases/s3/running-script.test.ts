import { spawn } from "node:child_process";
import { copyFileSync, linkSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILT_FILE } from "../../support/built-file.js";
import { builtWorld } from "../../support/built-world.js";

const world = builtWorld();
const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
const BUILT = readFileSync(BUILT_FILE);

/** A folder with a copy of the built file, and a way to run that. */
function installed() {
  const place = world.place();
  copyFileSync(BUILT_FILE, `${place}/fetch-creds.js`);
  const run = async (args: readonly string[], script = "fetch-creds.js") => {
    const child = spawn(NODE, [script, ...args, "--no-progress"], {
      cwd: place,
      env: { PATH: process.env.PATH, ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
    });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return {
      code,
      lines: stderr.split("\n").filter((line) => line !== "" && line[0] !== " " && !LAST.test(line)),
    };
  };
  const isWhole = () => readFileSync(`${place}/fetch-creds.js`).equals(BUILT);
  return { place, run, isWhole };
}

/** Which has the first failure of several transfers again. */
const LAST = /^\d+ of \d+ transfers failed, the first: /;

const REFUSED =
  /fetch-creds\.js is the running fetch-creds\.js: it is not replaced or deleted|is the running fetch-creds\.js/;

describe("the running file is not replaced", () => {
  it.each([
    ["cp", "single, by its name", ["cp", "s3://BUCKET/fetch-creds.js", "."]],
    ["cp", "single, under another key", ["cp", "s3://BUCKET/other", "fetch-creds.js"]],
    ["cp", "single, by a hard link", ["cp", "s3://BUCKET/other", "hard"]],
    ["cp", "single, by a link", ["cp", "s3://BUCKET/other", "soft"]],
    ["cp", "large", ["cp", "s3://BUCKET/large", "fetch-creds.js"]],
    ["cp", "by a folder's link", ["cp", "s3://BUCKET/other", "folder/fetch-creds.js"]],
    ["cp", "--recursive", ["cp", "s3://BUCKET/", ".", "--recursive"]],
    ["sync", "", ["sync", "s3://BUCKET/", "."]],
  ])("%s %s", async (_, __, args) => {
    const objects = { "fetch-creds.js": "evil", other: "evil", large: "x".repeat(2_000_000) };
    const bucket = world.bucket(objects);
    const { place, run, isWhole } = installed();
    linkSync(`${place}/fetch-creds.js`, `${place}/hard`);
    symlinkSync("fetch-creds.js", `${place}/soft`);
    symlinkSync(".", `${place}/folder`);
    const { code, lines } = await run(args.map((arg) => arg.replace("BUCKET", bucket)));
    expect(code).toBe(1);
    expect(lines.filter((line) => REFUSED.test(line))).toHaveLength(1);
    expect(isWhole()).toBe(true);
    expect(readFileSync(`${place}/hard`).equals(BUILT)).toBe(true);
  });

  it("while the others of a tree arrive", async () => {
    const bucket = world.bucket({ "fetch-creds.js": "evil", a: "a", "sub/fetch-creds.js": "another" });
    const { place, run, isWhole } = installed();
    const { code, lines } = await run(["cp", `s3://${bucket}/`, ".", "--recursive"]);
    expect({ code, lines: lines.length }).toEqual({ code: 1, lines: lines.length });
    expect(lines.filter((line) => /failed/.test(line) && REFUSED.test(line))).toHaveLength(1);
    expect(isWhole()).toBe(true);
    expect(readFileSync(`${place}/a`, "utf8")).toBe("a");
    expect(readFileSync(`${place}/sub/fetch-creds.js`, "utf8")).toBe("another");
  });

  it("however it was started", async () => {
    const bucket = world.bucket({ k: "evil" });
    const { place, run, isWhole } = installed();
    mkdirSync(`${place}/bin`);
    symlinkSync("../fetch-creds.js", `${place}/bin/fetch`);
    for (const script of ["bin/fetch", "./bin/../fetch-creds.js", "fetch-creds"]) {
      const { code, lines } = await run(["cp", `s3://${bucket}/k`, "fetch-creds.js"], script);
      expect({ script, code, lines }).toEqual({
        script,
        code: 1,
        lines: [expect.stringMatching(/^download failed: .* is the running fetch-creds\.js/)],
      });
      expect(isWhole()).toBe(true);
    }
    expect((await run(["cp", `s3://${bucket}/k`, "bin/fetch"], "bin/fetch")).code).toBe(1);
  });

  it("nor deleted by sync --delete, which deletes the rest", async () => {
    const bucket = world.bucket({ a: "a" });
    const { place, run, isWhole } = installed();
    mkdirSync(`${place}/old`);
    copyFileSync(BUILT_FILE, `${place}/old/fetch-creds.js`);
    const { code, lines } = await run(["sync", `s3://${bucket}/`, ".", "--delete"]);
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/^delete failed: .*fetch-creds\.js.* is the running/)]);
    expect(isWhole()).toBe(true);
    expect(() => readFileSync(`${place}/old/fetch-creds.js`)).toThrow("ENOENT");
  });
});
