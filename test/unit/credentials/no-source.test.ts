import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { noSource } from "../../../src/credentials/no-source-failure.js";
import { instance } from "../../../src/credentials/what-lies-there.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());
const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

let count = 0;
function hintOf(
  {
    env = {},
    secrets = {},
    scriptPath = "/fetch-creds.js",
    profile,
  }: {
    env?: Record<string, string>;
    secrets?: Record<string, string>;
    scriptPath?: string;
    profile?: string;
  },
  purpose: "role" | "s3" = "role",
): string[] {
  const secretsFolder = folder.at(`secrets-${++count}`);
  mkdirSync(secretsFolder);
  for (const [name, text] of Object.entries(secrets)) writeFileSync(`${secretsFolder}/${name}`, text);
  return (noSource(purpose, { env, secretsFolder, scriptPath }, profile).hint ?? "").split("\n");
}

describe("no source", () => {
  it("lists the ways in one layout, where each applies and what to write, with the path that the file runs from", () => {
    expect(hintOf({ scriptPath: "/opt/tools/fetch-creds.js" })).toEqual([
      `in CodeBuild or ECS: \`docker build --secret id=${RELATIVE},env=${RELATIVE} .\`, and in the Dockerfile \`RUN --mount=type=secret,id=${RELATIVE}\``,
      `without BuildKit: \`docker build --build-arg ${RELATIVE} .\`, and in the Dockerfile \`ARG ${RELATIVE}\` after FROM`,
      "outside CodeBuild and ECS: `docker build --secret id=aws-credentials,src=FILE .`, and in the Dockerfile `RUN --mount=type=secret,id=aws-credentials`",
      "to check everything: node /opt/tools/fetch-creds.js doctor",
    ]);
    expect(hintOf({ scriptPath: "/a b/$(x).js" }).join("\n")).not.toContain("$(x)");
  });

  it("says first what is there and not used", () => {
    const [first] = hintOf({ secrets: { aws: "[default]" } });
    expect(first).toBe("the secret aws is mounted, but not read: did you mean id=aws-credentials?");
  });

  it.each<[string, Parameters<typeof hintOf>[0], RegExp]>([
    [
      "an empty secret",
      { secrets: { [RELATIVE]: "" } },
      /secret AWS_CONTAINER_\w+ is mounted, but empty.*not set where docker build ran/,
    ],
    ["an empty secret of one line ending", { secrets: { [RELATIVE]: "\r\n" } }, /mounted, but empty/],
    [
      "an empty file of keys",
      { secrets: { "aws-credentials": "" } },
      /secret aws-credentials is mounted, but empty/,
    ],
    [
      "a secret of another name",
      { secrets: { npm_token: "x" } },
      /secret npm_token is mounted, but not read: keys in a file are read from id=aws-credentials/,
    ],
    ["a secret of a short name", { secrets: { "aws-creds": "x" } }, /did you mean id=aws-credentials\?/],
    [
      "a secret of a misspelled name",
      { secrets: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URL: "/x" } },
      /_URL is mounted, but not read: did you mean id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\?/,
    ],
    [
      "a secret in small letters",
      { secrets: { aws_container_credentials_full_uri: "/x" } },
      /did you mean id=AWS_CONTAINER_CREDENTIALS_FULL_URI\?/,
    ],
    [
      "a misspelled variable",
      { env: { AWS_CONTAINER_CREDENTIAL_RELATIVE_URI: "/x" } },
      /AWS_CONTAINER_CREDENTIAL_RELATIVE_URI is set, but not read: did you mean AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\?/,
    ],
    [
      "a secret with one key alone",
      { secrets: { AWS_SESSION_TOKEN: "token" } },
      /AWS_SESSION_TOKEN is set without/,
    ],
    [
      "secrets with single keys",
      { secrets: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" } },
      /only cp, sync, ls and cache-key read it/,
    ],
    ["web identity", { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/x" } }, /--web-identity uses it/],
    [
      "web identity in a secret",
      { secrets: { AWS_WEB_IDENTITY_TOKEN_FILE: "/token" } },
      /--web-identity uses it/,
    ],
    [
      "keys in the environment",
      { env: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "s" } },
      /give this command the keys with --credentials-file/,
    ],
    [
      "half a pair of keys in the environment",
      { env: { AWS_ACCESS_KEY_ID: "AKIA" } },
      /without AWS_SECRET_ACCESS_KEY: no command takes one/,
    ],
    ["a profile", { profile: "x" }, /the profile x has no credentials of its own/],
  ])("says that %s is there and not used", (_, world, line) => {
    expect(hintOf(world).join("\n")).toMatch(line);
    expect(hintOf({}).join("\n")).not.toMatch(line);
  });

  it("does not tell who has passed an empty secret to pass it", () => {
    const lines = hintOf({ secrets: { [RELATIVE]: "" } });
    expect(lines[0]).toMatch(/is mounted, but empty/);
    expect(lines.join("\n")).not.toContain(`--secret id=${RELATIVE}`);
    expect(lines[1]).toContain("docker build --secret id=aws-credentials,src=FILE .");
    expect(hintOf({ secrets: { "aws-credentials": "" } }).join("\n")).not.toContain("docker build --secret");
  });

  it("names the variables that are set, but empty", () => {
    const messageOf = (env: Record<string, string>, purpose: "role" | "s3" = "role") =>
      noSource(purpose, { env, secretsFolder: "/proc/nowhere", scriptPath: "/x.js" }).message;
    const places = `neither ${RELATIVE} nor ${FULL} is in the environment or under /run/secrets`;
    expect(messageOf({})).toBe(`no credential source found: ${places}`);
    expect(messageOf({}, "s3")).toBe(
      `no credential source found: no keys in variables or profiles, and ${places}`,
    );
    expect(messageOf({ [RELATIVE]: "" })).toBe(
      `no credential source found: ${places} (${RELATIVE} set, but empty)`,
    );
    expect(messageOf({ [RELATIVE]: "", [FULL]: "" })).toMatch(` (${RELATIVE} and ${FULL} set, but empty)`);
    // They are no others.
    expect(hintOf({ env: { [RELATIVE]: "", [FULL]: "" } }).join("\n")).not.toMatch(/is set, but not read/);
  });

  it.each([
    [".aws", true],
    ["aws.json", true],
    ["my-creds", true],
    ["signing-key", true],
    ["keys", true],
    ["laws", false],
    ["keystore", false],
  ])("takes the secret %s for keys: %s", (name, isMeant) => {
    expect(hintOf({ secrets: { [name]: "x" } })[0]).toBe(
      `the secret ${name} is mounted, but not read: ${isMeant ? "did you mean id=aws-credentials?" : "keys in a file are read from id=aws-credentials"}`,
    );
  });

  it("names the others beside a link that leads nowhere", () => {
    const secretsFolder = folder.at("with-link");
    mkdirSync(secretsFolder);
    symlinkSync("nowhere", `${secretsFolder}/a-link`);
    writeFileSync(`${secretsFolder}/other`, "x");
    const { hint } = noSource("role", { env: {}, secretsFolder, scriptPath: "/x.js" });
    expect(hint).toMatch(/^the secret other is mounted, but not read/);
  });

  it.each([
    ["", true],
    ["\r\n", true],
    ["/xy", false],
  ])("takes a secret of %j for empty: %s", (text, isEmpty) => {
    const [first = ""] = hintOf({ secrets: { [RELATIVE]: text } });
    expect(first.includes("is mounted, but empty")).toBe(isEmpty);
  });

  it("names five secrets that nobody reads, and no folder", () => {
    const names = ["p1", "p2", "p3", "p4", "p5", "p6"];
    const lines = hintOf({ secrets: Object.fromEntries(names.map((name) => [name, "x"])) });
    const shown = lines.flatMap((line) => /^the secret (\w+) is mounted, but not read/.exec(line)?.[1] ?? []);
    expect(shown).toEqual(names.slice(0, 5));
    const secretsFolder = folder.at("with-folder");
    mkdirSync(`${secretsFolder}/aws-creds`, { recursive: true });
    expect(noSource("role", { env: {}, secretsFolder, scriptPath: "/x.js" }).hint).not.toMatch(/not read/);
  });

  it("takes a variable for a misspelled one up to three letters off", () => {
    const isSeen = (name: string) =>
      hintOf({ env: { [name]: "/x" } })
        .join("\n")
        .includes(`${name} is set`);
    expect(isSeen(RELATIVE.replace("CREDENTIALS", "CREDENTI"))).toBe(true);
    expect(isSeen(RELATIVE.replace("CREDENTIALS", "CREDENT"))).toBe(false);
    expect(isSeen("aws_container_credentials_relative_urls")).toBe(true);
  });

  it("says nothing of web identity or keys to cp, sync and ls, which use them", () => {
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: "/x", AWS_ACCESS_KEY_ID: "A", AWS_SECRET_ACCESS_KEY: "S" };
    expect(hintOf({ env }).join("\n")).toMatch(/--web-identity uses it/);
    expect(hintOf({ env }, "s3").join("\n")).not.toMatch(/--web-identity|--credentials-file/);
  });

  it("knows an EC2 instance by what the kernel says of it", () => {
    const vendorFile = folder.at("sys_vendor");
    writeFileSync(vendorFile, "Amazon EC2\n");
    expect(instance(vendorFile)).toEqual([expect.stringMatching(/is an EC2 instance: .* --instance-role$/)]);
    writeFileSync(vendorFile, "QEMU\n");
    expect(instance(vendorFile)).toEqual([]);
    expect(instance(folder.at("no-such-file"))).toEqual([]);
  });

  it.each([
    ["[a]\n", "a"],
    ["[a]\n[b]\n[c]\n[d]\n[e]\n[f]\n", "a, b, c, d, e"],
  ])("names five profiles at most, of %j", (text, named) => {
    const HOME = folder.at(`home-${++count}`);
    mkdirSync(`${HOME}/.aws`, { recursive: true });
    writeFileSync(`${HOME}/.aws/credentials`, text);
    expect(hintOf({ env: { HOME } })).toContain(
      `the AWS CLI has profiles here: --profile chooses one of ${named}`,
    );
  });

  it("says which profiles there are", () => {
    mkdirSync(folder.at(".aws"), { recursive: true });
    writeFileSync(folder.at(".aws", "credentials"), "[other]\n");
    writeFileSync(folder.at(".aws", "config"), "[profile deploy]\n");
    const env = { HOME: folder.path };
    expect(hintOf({ env }).join("\n")).toContain("--profile chooses one of deploy, other");
    expect(hintOf({ env }, "s3").join("\n")).toContain("the profile default has no credentials: --profile");
    writeFileSync(folder.at(".aws", "config"), "nonsense\n");
    expect(hintOf({ env }).join("\n")).not.toContain("--profile");
  });
});
