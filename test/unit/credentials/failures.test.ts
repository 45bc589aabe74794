import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  nameNotResolved,
  noRawBody,
  reason,
  secretUnreadable,
  tokenFileUnusable,
  uriMalformed,
  uriWithoutSlash,
} from "../../../src/credentials/failures.js";
import { credentialsFileUnreadable, profileMissing } from "../../../src/credentials/file-failures.js";
import { concealed } from "../../../src/output/concealed.js";

/** Whether /proc is mounted. */
let hasProc = true;

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const statSync = (path: string, options: object) =>
    path === "/proc/self" && hasProc
      ? { uid: 4711 }
      : fs.statSync(path.replace("/proc", "/nowhere"), options);
  return { ...fs, statSync };
});

const thrown = (code: string) => Object.assign(new Error(`${code}: words, open '/x'`), { code });
const given = (value: string) => ({ name: "V", place: "environment", value }) as const;

it.each([
  ["permission denied", thrown("EACCES")],
  ["it is a directory", thrown("EISDIR")],
  ["no such file", thrown("ENOENT")],
  ["no such file", thrown("ENOTDIR")],
  ["too many symbolic links", thrown("ELOOP")],
  ["it is not a regular file", thrown("ENXIO")],
  ["EIO", thrown("EIO")],
  ["constructor", thrown("constructor")],
  ["it is empty\\n", new Error("it is empty\n")],
])("%s: what the system says, without the call", (words, cause) => {
  expect(reason(cause)).toBe(words);
});

describe("what a full URI looks like that is none", () => {
  const EXPECTED = /^expected http:\/\/HOST\[:PORT\]\/PATH, without backslashes$/;

  it.each([
    ["$V", /^it is an unexpanded variable/],
    ["${V}", /^it is an unexpanded variable/],
    ["'$V'", /^it is an unexpanded variable/],
    ["%V%", /^it is an unexpanded variable/],
    ["$env:V", /^it is an unexpanded variable/],
    ['"http://127.0.0.1/"', /^it begins with a quote/],
    ["'http://127.0.0.1/'", /^it begins with a quote/],
    ["", /^it is blank/],
    [" ", /^it is blank/],
    [" http://127.0.0.1/", EXPECTED],
    ["http://127.0.0.1/ ", EXPECTED],
    ["127.0.0.1/x", EXPECTED],
    ["127.0.0.1/$V", EXPECTED],
    ["127.0.0.1/'x'", EXPECTED],
    ["/v2/credentials/x", /^a path belongs in AWS_CONTAINER_CREDENTIALS_RELATIVE_URI$/],
  ])("%j is told", (value, hint) => {
    expect(uriMalformed(given(value))).toMatchObject({ id: "uri-malformed", exitCode: 253 });
    expect(uriMalformed(given(value)).hint).toMatch(hint);
  });
});

it.each([
  ["$V", /unexpanded/],
  [" ", /blank/],
  ["HTTPS://x", /^put a full URL in AWS_CONTAINER_CREDENTIALS_FULL_URI$/],
  ["v2/x", /^pass the variable on as it is/],
  ["v2/$V", /^pass the variable on as it is/],
  ["v2/'x'", /^pass the variable on as it is/],
  ["v2/https://x", /^pass the variable on as it is/],
])("what the relative URI %j looks like is told", (value, hint) => {
  expect(uriWithoutSlash(given(value)).hint).toMatch(hint);
});

describe("a secret that cannot be read", () => {
  const hintOf = (name: string, code: string) =>
    secretUnreadable(`/run/secrets/${name}`, name, thrown(code)).hint;

  it("is mounted again for the user that the step runs as", () => {
    expect(hintOf("X", "EACCES")).toBe(
      "a secret belongs to root and has mode 0400: add uid=4711 or mode=0444 to its mount, or env=X with BuildKit: RUN --mount=type=secret,id=X,uid=4711 node fetch-creds.js",
    );
    // A file's text is no variable.
    expect(hintOf("aws-credentials", "EACCES")).toMatch(/to its mount: RUN/);
    expect(hintOf("X", "EISDIR")).toBe("expected a small file with the value");
  });

  it("is mounted again for user 1000, where the system does not say which it is", () => {
    hasProc = false;
    onTestFinished(() => {
      hasProc = true;
    });
    expect(hintOf("X", "EACCES")).toMatch(/uid=1000 or .*,uid=1000 node/);
  });
});

it("what cannot be used is said with its reason", () => {
  expect(tokenFileUnusable("/t", thrown("EACCES")).message).toBe(
    "cannot use the token file /t (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE): permission denied; nothing was sent",
  );
  expect(nameNotResolved(given("x"), "x.test", thrown("ENOTFOUND")).message).toMatch(
    /resolved \(ENOTFOUND\);/,
  );
  expect(nameNotResolved(given("x"), "x.test", new Error("x")).message).toMatch(/resolved \(no address\);/);
  expect(noRawBody("X")).toMatchObject({ id: "no-raw-body", exitCode: 253 });
});

describe("a credentials file that cannot be used", () => {
  it("is not shown where it is the keys themselves", () => {
    const messageOf = (path: string) => credentialsFileUnreadable(path, thrown("ENOENT")).message;
    expect(messageOf("/keys.json")).toBe("cannot read the credentials file /keys.json: no such file");
    const printed = concealed(messageOf('{"SecretAccessKey":"hidden"}'));
    expect(printed).toMatch(/: it looks like the text of a file or a secret/);
    expect(printed).not.toContain("hidden");
  });

  it("says which profiles it has", () => {
    const hintOf = (there: string[]) => profileMissing("/f", "deploy", there).hint;
    expect(hintOf([])).toBe("it has no profile at all: expected keys below [default]");
    expect(hintOf(["a", "b"])).toBe("profiles found: a, b; choose one with --profile");
    expect(hintOf(["deploi"])).toBe("did you mean deploi? profiles found: deploi; choose one with --profile");
  });
});
