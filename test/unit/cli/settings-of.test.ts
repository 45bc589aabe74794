import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { type SettingsSearch, settingsOf } from "../../../src/cli/settings-of.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { testContext } from "../../support/test-context.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

let files = 0;
function fileOf(text: string | Buffer): string {
  const path = folder.at(`file-${++files}`);
  writeFileSync(path, text);
  return path;
}

interface Given {
  readonly config?: string;
  readonly credentials?: string;
  readonly secret?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** Two files and a secret in folders of their own. */
function laidOut({ config = "", credentials = "", secret, env }: Given) {
  const home = folder.at(`home-${++files}`);
  mkdirSync(`${home}/.aws`, { recursive: true });
  mkdirSync(`${home}/secrets`);
  writeFileSync(`${home}/.aws/config`, config);
  writeFileSync(`${home}/.aws/credentials`, credentials);
  if (secret !== undefined) writeFileSync(`${home}/secrets/aws-credentials`, secret);
  return testContext({ HOME: home, ...env }, { secretsFolder: `${home}/secrets` });
}

/** The region, and what gave it. */
function regionOf(given: Given, search: SettingsSearch = {}): string {
  const context = laidOut(given);
  const found = settingsOf(context, search).get("region");
  return found === undefined ? "none" : `${found.value} of ${found.from.replace(`${context.env.HOME}/`, "")}`;
}

const HOME_FILES = { config: "[default]\nregion = r-home\n[profile x]\nregion = r-x\n" };
const SECRET = "[default]\nregion = r-secret\n[dep]\nregion = r-dep\n";
const KEYS = "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=s\n";

describe("the settings of the profile in force", () => {
  it.each<[string, Given, SettingsSearch, string]>([
    ["~/.aws", HOME_FILES, {}, "r-home of ~/.aws/config, profile default"],
    ["~/.aws, --profile", HOME_FILES, { profile: "x" }, "r-x of ~/.aws/config, profile x"],
    ["an empty --profile as none", HOME_FILES, { profile: "" }, "r-home of ~/.aws/config, profile default"],
    ["nothing at all", {}, {}, "none"],
    ["the secret alone", { secret: SECRET }, {}, "r-secret of secrets/aws-credentials, profile default"],
    [
      "the secret, behind ~/.aws with that profile",
      { ...HOME_FILES, secret: SECRET },
      {},
      "r-home of ~/.aws/config, profile default",
    ],
    [
      "the secret, of a profile that only it has",
      { ...HOME_FILES, secret: SECRET, env: { AWS_PROFILE: "dep" } },
      {},
      "r-dep of secrets/aws-credentials, profile dep",
    ],
    [
      "the secret, of a profile that ~/.aws has without this setting",
      { credentials: "[dep]\naws_access_key_id = x\n", secret: SECRET },
      { profile: "dep" },
      "none",
    ],
    ["the secret, of a profile that is in none", { ...HOME_FILES, secret: SECRET }, { profile: "z" }, "none"],
    ["a secret with one set of keys", { secret: KEYS }, {}, "none"],
    ["a secret that is broken JSON, which gives no settings", { secret: '{"a' }, {}, "none"],
    [
      "a secret in the form of a config file, with a mark",
      { secret: "\ufeff[profile dep]\r\nregion = r-dep\r\n" },
      { profile: "dep" },
      "r-dep of secrets/aws-credentials, profile dep",
    ],
    [
      "a secret in UTF-16",
      { secret: Buffer.from(`\ufeff${SECRET}`, "utf16le") },
      {},
      "r-secret of secrets/aws-credentials, profile default",
    ],
  ])("%s", (_, given, search, expected) => expect(regionOf(given, search)).toBe(expected));

  const all = { ...HOME_FILES, secret: SECRET, env: { AWS_PROFILE: "x" } };
  it.each<[string, string, string | undefined, string]>([
    ["alone", "[default]\nregion = r-file\n", undefined, "r-file of FILE, profile default"],
    ["alone, also where it says nothing", "[default]\n", undefined, "none"],
    ["with --profile", "[default]\n[b]\nregion = r-b\n", "b", "r-b of FILE, profile b"],
    ["as a config file", "[profile b]\nregion = r-b\n", "b", "r-b of FILE, profile b"],
    ["without that profile", "[default]\nregion = r-file\n", "x", "none"],
    ["with one set of keys: ~/.aws", KEYS, undefined, "r-x of ~/.aws/config, profile x"],
    ["with one set of keys: never the secret", KEYS, "dep", "none"],
    ["empty: ~/.aws", "", undefined, "credentials-file-malformed"],
  ])("of --credentials-file %s", (_, text, profile, expected) => {
    const credentialsFile = fileOf(text);
    const found = () => regionOf(all, { credentialsFile, profile }).replace(credentialsFile, "FILE");
    if (expected.startsWith("credentials-")) expect(found).toThrow(expect.objectContaining({ id: expected }));
    else expect(found()).toBe(expected);
  });

  it("are not those of a stream, which is not opened", async () => {
    execFileSync("mkfifo", [folder.at("fifo")]);
    const server = createServer().listen(folder.at("socket"));
    onTestFinished(() => void server.close());
    await once(server, "listening");
    // A file, whose text is read only once where it is open.
    const open = openSync(fileOf("[default]\nregion = r-file\n"), "r");
    onTestFinished(() => closeSync(open));
    const streams = ["/dev/null", "/dev/stdin", `/dev/fd/${open}`, folder.at("fifo"), folder.at("socket")];
    for (const path of streams)
      expect(regionOf(HOME_FILES, { credentialsFile: path })).toBe(
        "r-home of ~/.aws/config, profile default",
      );
  });

  it("are taken with the services section of the same file", () => {
    const text = "[default]\nservices = s\n[services s]\nsts =\n  endpoint_url = http://sts.test\n";
    const credentialsFile = fileOf(text);
    const settings = [
      settingsOf(laidOut(HOME_FILES), { credentialsFile }),
      settingsOf(laidOut({ secret: text }), {}),
    ];
    expect(settings.map((each) => each.serviceEndpoint("sts")?.value)).toEqual([
      "http://sts.test",
      "http://sts.test",
    ]);
  });

  it.each<[string, string, string, RegExp]>([
    ["a line that means nothing", "[default]\nnothing\n", "config-file", /FILE, line 2: /],
    ["a section twice", "[default]\n[default]\n", "config-file", /FILE, line 2: /],
    ["broken JSON", '{"AccessKeyId', "credentials-file-malformed", /FILE cannot be used/],
  ])("are a failure of --credentials-file with %s", (_, text, id, message) => {
    const credentialsFile = fileOf(text);
    const path = credentialsFile;
    expect(() => regionOf(HOME_FILES, { credentialsFile })).toThrow(
      expect.objectContaining({
        id,
        message: expect.stringMatching(new RegExp(message.source.replace("FILE", path))),
      }),
    );
  });

  it.each(["none", ".", "loop"])("are a failure of --credentials-file %s", (name) => {
    const credentialsFile = name === "loop" ? "/proc/self/fd/x" : folder.at(name);
    expect(() => regionOf(HOME_FILES, { credentialsFile })).toThrow(
      expect.objectContaining({ id: "credentials-file-unreadable" }),
    );
  });

  it("are a failure of a secret that cannot be parsed or read, where they would be taken of it", () => {
    const secret = "[default]\nnothing\n";
    expect(() => regionOf({ secret })).toThrow(expect.objectContaining({ id: "config-file" }));
    expect(regionOf({ ...HOME_FILES, secret })).toBe("r-home of ~/.aws/config, profile default");
    const secretsFolder = folder.at("unreadable");
    mkdirSync(`${secretsFolder}/aws-credentials`, { recursive: true });
    const context = testContext({ HOME: "/nonexistent" }, { secretsFolder });
    expect(() => settingsOf(context, {})).toThrow(expect.objectContaining({ id: "secret-unreadable" }));
  });

  it("have to be there, unsigned, of a profile that somebody names", () => {
    const missing = (given: Given, search: SettingsSearch) =>
      expect(() => settingsOf(laidOut(given), { ...search, unsigned: true }));
    missing({ ...HOME_FILES, env: { AWS_PROFILE: "z" } }, {}).toThrow(
      expect.objectContaining({
        id: "profile-missing",
        message: "there is no profile z (AWS_PROFILE) in ~/.aws/config or ~/.aws/credentials",
        hint: "profiles found: default, x",
      }),
    );
    missing({ secret: SECRET }, { profile: "z" }).toThrow(
      expect.objectContaining({
        message:
          "there is no profile z (--profile) in ~/.aws/config, ~/.aws/credentials or the secret aws-credentials",
        hint: "profiles found: default, dep",
      }),
    );
    missing({ secret: SECRET }, { profile: "dep" }).not.toThrow();
    missing({}, {}).not.toThrow();
    const credentialsFile = fileOf("[a]\n");
    missing(HOME_FILES, { credentialsFile, profile: "x" }).toThrow(
      expect.objectContaining({
        id: "profile-missing",
        hint: "profiles found: a; choose one with --profile",
      }),
    );
    missing(HOME_FILES, { credentialsFile }).not.toThrow();
    missing(HOME_FILES, { credentialsFile: fileOf(KEYS), profile: "z" }).not.toThrow();
  });

  it("are those of a profile that the secret AWS_PROFILE names", () => {
    const context = laidOut(HOME_FILES);
    writeFileSync(`${context.secretsFolder}/AWS_PROFILE`, "x\n");
    expect(settingsOf(context, {}).get("region")?.value).toBe("r-x");
  });
});
