import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { outcomeOf } from "../support/outcome-of.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
const folder = temporaryFolder();
let server: S3Server;
beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  server.put("b", "k", "hello");
  writeFileSync(folder.at("keys"), KEYS);
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

const KEYS = "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\nAWS_SECRET_ACCESS_KEY=secret\n";
const UP = 'cp - "s3://b/$NAME"';
const DOWN = "cp s3://b/k -";
const EXPORT = 'export --format process --credentials-file "$KEYS"';

/** Runs one in a shell that goes on after it, so that the shell stays its parent. */
function inShell(line: string, redirection: string, name = "x") {
  const script = `"$NODE" "$FILE" ${line} ${redirection}; code=$?; :; exit $code`;
  const env = {
    ...server.env,
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: server.url,
    NODE,
    FILE: BUILT_FILE,
    KEYS: folder.at("keys"),
    NAME: name,
  };
  const child = spawn("sh", ["-c", script], { env });
  // Not every line reads it.
  child.stdin.on("error", () => undefined);
  child.stdin.end("piped");
  return outcomeOf(child);
}

const stored = async (name: string) => {
  const { stdout } = await inShell(`ls s3://b/${name}`, "");
  return stdout.trim().split(/\s+/)[2];
};

describe
  .runIf(process.platform === "linux")
  .concurrent("a standard stream that is closed is an error", () => {
    it("cp - <&- stores nothing", async () => {
      const { code, stderr } = await inShell(UP, "<&-", "closed");
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(
          /^upload failed: - to s3:\/\/b\/closed Cannot read the input: .*\(EBADF\)\n/,
        ),
      });
      expect(await stored("closed")).toBeUndefined();
    });

    it.each([
      ["</dev/null", "empty", "0"],
      ["", "piped", "5"],
      [`< "$KEYS"`, "file", `${KEYS.length}`],
    ])("cp - %s stores what it reads", async (redirection, name, size) => {
      expect(await inShell(UP, redirection, name)).toMatchObject({ code: 0, stderr: "" });
      expect(await stored(name)).toBe(size);
    });

    it.each([
      [DOWN, 1, /^download failed: s3:\/\/b\/k to - Cannot write the output: .*\(EBADF\)\n/],
      [EXPORT, 255, /^fetch-creds: cannot write to standard output: it is closed\n/],
      [`${EXPORT} --output -`, 255, /^fetch-creds: cannot write to standard output: it is closed\n/],
    ])("%s >&-: exit %i", async (line, expected, said) => {
      const { code, stderr } = await inShell(line, ">&-");
      expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringMatching(said) });
    });

    it.each([DOWN, EXPORT, `${EXPORT} --output -`])("%s > /dev/null is none", async (line) => {
      expect(await inShell(line, "> /dev/null")).toMatchObject({ code: 0, stderr: "" });
    });

    it("nor is /dev/null that Node gives", async () => {
      const args = [BUILT_FILE, "export", "--credentials-file", folder.at("keys")];
      const child = spawn(NODE, args, { stdio: "ignore", env: { PATH: process.env.PATH } });
      expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    });
  });
