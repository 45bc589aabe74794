import { copyFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { runFile } from "../support/bundle/run-file.js";
import { nodeBinary } from "../support/node-binary.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const EVALUATED = [
  ["export", "false\n"],
  ["--debug export", "false\n"],
  ["--expect-role app export --format fish", "false\n"],
  ["--format=env --uri /x export", "false\n"],
  ["export --format process --format env", "false\n"],
  ["export --format constructor", "false\n"],
  ["export --format powershell", "throw 'fetch-creds: no credentials'\n"],
  ["export --output /dev/stdout", "false\n"],
  ["export --output /dev/fd/1", "false\n"],
  ["export --output keys", ""],
  ["export --format process", ""],
  ["--debug export --format=ini", ""],
  ["verify --profile export", ""],
  ["exec -- export", ""],
  ["--debug exec -- export", ""],
] as const;

describe("a Node that is too old", () => {
  it.each(["12", "14", "16", "18", "20.18.0"])("%s is told so in one line", async (wanted) => {
    const { path: node, version } = await nodeBinary(wanted);
    const refusal = {
      code: 255,
      stdout: "",
      stderr: `fetch-creds: needs Node.js 20.19 or newer, this is ${version}. Run it in a stage FROM node:22-slim, and COPY --from= the files; on CodeBuild's host, choose Node with runtime-versions\n`,
    };
    expect(await runFile(BUILT_FILE, ["verify"], { node })).toEqual(refusal);
    expect(await runFile(BUILT_FILE, ["cp", "s3://b/k", "-"], { node })).toEqual(refusal);
    // What is evaluated must fail, too, wherever the verb stands.
    for (const [line, stdout] of EVALUATED)
      expect({ line, ...(await runFile(BUILT_FILE, line.split(" "), { node })) }).toEqual({
        line,
        ...refusal,
        stdout,
      });

    using folder = temporaryFolder();
    copyFileSync(BUILT_FILE, folder.at("fetch-creds.js"));
    writeFileSync(folder.at("package.json"), '{"type":"module"}');
    expect(await runFile(folder.at("fetch-creds.js"), [], { node })).toEqual(refusal);
  });
});
