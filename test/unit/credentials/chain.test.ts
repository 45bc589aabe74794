import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { SourceDescription } from "../../../src/credentials/credentials.js";
import { findSource, type SourceSearch } from "../../../src/credentials/find-source.js";
import { testContext } from "../../support/test-context.js";

const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const ARN = "arn:aws:iam::123456789012:role/deploy";
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "secret" };
const CONTAINER = { [RELATIVE]: "/v2/x" };
const WEB = { AWS_WEB_IDENTITY_TOKEN_FILE: "/token", AWS_ROLE_ARN: ARN };
const TOKEN_FILE = `web_identity_token_file = /t\nrole_arn = ${ARN}\n`;

/** A pair of keys as it stands in a file. */
const pair = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = s\n`;
const LINES = "AWS_ACCESS_KEY_ID=AKIASECRET\nAWS_SECRET_ACCESS_KEY=s\n";
const role = (source: string) => `role_arn = ${ARN}\n${source}\n`;

interface World {
  readonly env?: Record<string, string>;
  readonly secrets?: Record<string, string>;
  readonly config?: string;
  readonly credentials?: string;
  /** `--credentials-file`. */
  readonly file?: string;
  readonly search?: Partial<SourceSearch>;
}

const sts = () => Promise.reject(new Error("STS is not asked here"));

/** Where cp looks. */
function look({ env = {}, secrets = {}, config, credentials, file, search = {} }: World) {
  const folder = mkdtempSync(join(tmpdir(), "chain-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of [".aws", "secrets"]) mkdirSync(join(folder, name));
  const texts: Record<string, string | undefined> = {
    ".aws/config": config,
    ".aws/credentials": credentials,
    file,
    ...Object.fromEntries(Object.entries(secrets).map(([name, text]) => [`secrets/${name}`, text])),
  };
  for (const [name, text] of Object.entries(texts))
    if (text !== undefined) writeFileSync(join(folder, name), text);
  const context = testContext({ HOME: folder, ...env }, { secretsFolder: join(folder, "secrets") });
  const named = file === undefined ? {} : { credentialsFile: join(folder, "file") };
  return findSource({ purpose: "s3", sts, ...named, ...search }, context);
}

/** `assumed-role ~/.aws/config, profile x < container AWS_…`. */
function wordsOf({ kind, name, place, base }: SourceDescription): string {
  const words = `${kind} ${place === "secret" ? "secret " : ""}${name}`;
  return base === undefined ? words : `${words} < ${wordsOf(base)}`;
}

async function found(world: World): Promise<string | undefined> {
  const source = await look(world);
  return source && wordsOf(source.description);
}

const ENVIRONMENT_KEYS = "environment-keys AWS_ACCESS_KEY_ID";
const OF_CONTAINER = `container ${RELATIVE}`;
const keysOf = (profile: string, file = "credentials") => `profile ~/.aws/${file}, profile ${profile}`;
const roleOf = (profile: string, base: string, file = "config") =>
  `assumed-role ~/.aws/${file}, profile ${profile} < ${base}`;
const AWS_PROFILE = { AWS_PROFILE: "x" };

describe("the order in which cp, sync and ls look", () => {
  const everything = {
    env: { ...KEYS, ...WEB, ...CONTAINER, ...AWS_PROFILE },
    config: `[profile x]\n${role("credential_source = EcsContainer")}${pair("CONFIG")}`,
    credentials: `[x]\n${pair("CREDENTIALS")}`,
    secrets: { "aws-credentials": LINES },
  };

  it.each<[string, string, World]>([
    ["keys in variables", ENVIRONMENT_KEYS, everything],
    [
      "the profile's role",
      roleOf("x", OF_CONTAINER),
      { ...everything, env: { ...WEB, ...CONTAINER, ...AWS_PROFILE } },
    ],
    [
      "web identity",
      "web-identity AWS_WEB_IDENTITY_TOKEN_FILE",
      {
        ...everything,
        config: `[profile x]\n${pair("CONFIG")}`,
        env: { ...WEB, ...CONTAINER, ...AWS_PROFILE },
      },
    ],
    [
      "keys of the credentials file",
      keysOf("x"),
      {
        ...everything,
        config: `[profile x]\n${pair("CONFIG")}credential_process = /bin/true\nlogin_session = y\n`,
        env: { ...CONTAINER, ...AWS_PROFILE },
      },
    ],
    [
      "credential_process",
      "process ~/.aws/config, profile x",
      {
        config: `[profile x]\n${pair("CONFIG")}credential_process = /bin/true\n`,
        env: { ...CONTAINER, ...AWS_PROFILE },
      },
    ],
    [
      "keys of the config file",
      keysOf("x", "config"),
      { config: `[profile x]\n${pair("CONFIG")}`, env: { ...CONTAINER, ...AWS_PROFILE } },
    ],
    [
      "the container, by a variable",
      OF_CONTAINER,
      {
        config: `[profile x]\nregion = eu-west-1\n[default]\n${pair("D")}`,
        env: { ...CONTAINER, ...AWS_PROFILE },
        secrets: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1/", "aws-credentials": LINES },
      },
    ],
    [
      "the container, by a secret",
      `container secret ${RELATIVE}`,
      {
        secrets: { [RELATIVE]: "/v2/x\n", "aws-credentials": LINES },
        credentials: `[default]\n${pair("D")}`,
      },
    ],
    [
      "the secret aws-credentials",
      "credentials-file secret aws-credentials",
      { secrets: { "aws-credentials": LINES }, credentials: `[default]\n${pair("D")}` },
    ],
    ["keys of a default that nobody names", keysOf("default"), { credentials: `[default]\n${pair("D")}` }],
    ["... in the config file", keysOf("default", "config"), { config: `[default]\n${pair("D")}` }],
  ])("%s", async (_, expected, world) => expect(await found(world)).toBe(expected));

  it("ends with nothing", async () => {
    expect(await found({ config: "[default]\nregion = eu-west-1\n" })).toBeUndefined();
    expect(await found({ env: { AWS_PROFILE: "", AWS_ACCESS_KEY_ID: "", [RELATIVE]: "" } })).toBeUndefined();
  });

  it("does not ask the instance by itself", async () => {
    expect(await found({ env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1" } })).toBeUndefined();
  });
});

describe("the container's role", () => {
  const env = CONTAINER;

  it.each<[string, string]>([
    ["keys", pair("D")],
    ["half a pair of keys", "aws_access_key_id = D\n"],
    ["a credential_process", "credential_process = /bin/true\n"],
    ["sso", "sso_account_id = 123456789012\n"],
    ["a login_session", "login_session = x\n"],
  ])("goes before %s of a default that nobody names, and says so", async (_, settings) => {
    const source = await look({ env, config: `[default]\n${settings}` });
    expect(source?.description.name).toBe(RELATIVE);
    expect(source?.passedOver).toMatch(/profile default$/);
  });

  it("goes not before the default's role, nor before a default that is named", async () => {
    const config = `[default]\n${role("credential_source = EcsContainer")}`;
    expect(await found({ env, config })).toBe(roleOf("default", OF_CONTAINER));
    expect(await found({ env, config: `[default]\n${TOKEN_FILE}` })).toBe(
      "web-identity ~/.aws/config, profile default",
    );
    const credentials = `[default]\n${pair("D")}`;
    for (const world of [
      { env: { ...env, AWS_PROFILE: "default" } },
      { env: { ...env, AWS_DEFAULT_PROFILE: "default" } },
      { env, search: { profile: "default" } },
    ]) {
      const source = await look({ ...world, credentials });
      expect(source && wordsOf(source.description)).toBe(keysOf("default"));
      expect(source?.passedOver).toBeUndefined();
    }
  });

  it("and so do the keys and the role of the secret aws-credentials", async () => {
    const credentials = `[default]\n${pair("D")}`;
    for (const text of [LINES, `[default]\n${role("source_profile = y")}[y]\n${pair("Y")}`]) {
      const source = await look({ credentials, secrets: { "aws-credentials": text } });
      expect(source?.passedOver).toBe("~/.aws/credentials, profile default");
    }
  });

  it("passes over nothing that is not there", async () => {
    expect((await look({ env, config: "[default]\nregion = eu-west-1\n" }))?.passedOver).toBeUndefined();
    const credentials = `[default]\n${pair("D")}`;
    for (const world of [
      { env: { ...env, ...KEYS } },
      { env: { ...env, ...WEB } },
      { env, config: `[default]\n${role("credential_source = EcsContainer")}` },
      // They win themselves.
      {},
    ]) {
      const source = await look({ ...world, credentials });
      expect(source).toBeDefined();
      expect(source?.passedOver).toBeUndefined();
    }
  });
});

describe("the profile in force", () => {
  it.each<[string, string | undefined, World]>([
    ["--profile before AWS_PROFILE", keysOf("y"), { search: { profile: "y" }, env: AWS_PROFILE }],
    [
      "AWS_PROFILE before AWS_DEFAULT_PROFILE",
      keysOf("x"),
      { env: { ...AWS_PROFILE, AWS_DEFAULT_PROFILE: "y" } },
    ],
    ["AWS_DEFAULT_PROFILE", keysOf("y"), { env: { AWS_DEFAULT_PROFILE: "y" } }],
    ["a secret AWS_PROFILE", keysOf("x"), { secrets: { AWS_PROFILE: "x\n" } }],
    ["--profile '' is not given", keysOf("x"), { search: { profile: "" }, env: AWS_PROFILE }],
    ["--profile turns off key variables", keysOf("y"), { search: { profile: "y" }, env: KEYS }],
    ["... and secrets of their names", keysOf("y"), { search: { profile: "y" }, secrets: KEYS }],
    ["... and web identity's", keysOf("y"), { search: { profile: "y" }, env: WEB }],
    ["AWS_PROFILE turns off neither", ENVIRONMENT_KEYS, { env: { ...AWS_PROFILE, ...KEYS } }],
    ["... nor", "web-identity AWS_WEB_IDENTITY_TOKEN_FILE", { env: { ...AWS_PROFILE, ...WEB } }],
    ["one without keys leaves the container", OF_CONTAINER, { search: { profile: "bare" }, env: CONTAINER }],
    ["... never default", undefined, { search: { profile: "bare" } }],
  ])("%s", async (_, expected, world) => {
    const credentials = `[x]\n${pair("X")}[y]\n${pair("Y")}[default]\n${pair("D")}[bare]\n`;
    expect(await found({ ...world, credentials })).toBe(expected);
  });

  it("counts for verify, export and exec only with --profile", async () => {
    const world = { credentials: `[x]\n${pair("X")}`, env: { ...KEYS, ...CONTAINER, ...AWS_PROFILE } };
    expect(await found({ ...world, search: { purpose: "role" } })).toBe(OF_CONTAINER);
    expect(await found({ ...world, search: { purpose: "role", profile: "x" } })).toBe(keysOf("x"));
    expect(await found({ credentials: world.credentials, search: { purpose: "role" } })).toBeUndefined();
  });

  it("is looked for in the secret aws-credentials where no file has it", async () => {
    const secrets = { "aws-credentials": `[ci]\n${pair("CI")}[bob]\n${role("source_profile = ci")}` };
    const OF_SECRET = "credentials-file secret aws-credentials";
    for (const purpose of ["s3", "role"] as const) {
      expect(await found({ secrets, env: CONTAINER, search: { profile: "ci", purpose } })).toBe(OF_SECRET);
      const assumed = await found({ secrets, env: CONTAINER, search: { profile: "bob", purpose } });
      expect(assumed).toMatch(
        /^assumed-role .*aws-credentials, profile bob < credentials-file secret aws-cred/,
      );
    }
    expect(await found({ secrets, env: { ...CONTAINER, AWS_PROFILE: "ci" } })).toBe(OF_SECRET);
  });
});

describe("the profiles of the secret aws-credentials, for every command", () => {
  const secrets = { "aws-credentials": `[default]\n${pair("D")}[x]\n${pair("X")}` };
  const both = ["s3", "role"] as const;

  it.each<[string, string, World]>([
    ["default, where nobody names one", "D", { secrets }],
    ["that of AWS_PROFILE", "X", { secrets, env: AWS_PROFILE }],
    ["that of AWS_DEFAULT_PROFILE", "X", { secrets, env: { AWS_DEFAULT_PROFILE: "x" } }],
    ["that of a secret AWS_PROFILE", "X", { secrets: { ...secrets, AWS_PROFILE: "x\n" } }],
    [
      "that of AWS_PROFILE, which has no keys in a file",
      "X",
      { secrets, env: AWS_PROFILE, config: "[profile x]\nregion = eu-west-1\n" },
    ],
    [
      "that of --profile, whatever AWS_PROFILE says",
      "D",
      { secrets, env: AWS_PROFILE, search: { profile: "default" } },
    ],
  ])("%s", async (_, id, { search, ...world }) => {
    for (const purpose of both) {
      const source = await look({ ...world, search: { ...search, purpose } });
      expect((await source?.fetch())?.credentials.accessKeyId).toBe(id);
    }
  });

  it("fail alike where the profile in force is not there, and name the secret", async () => {
    const lone = { "aws-credentials": `[default]\n${pair("D")}` };
    const home = `[y]\n${pair("Y")}`;
    for (const purpose of both)
      await expect(
        look({ secrets: lone, credentials: home, env: AWS_PROFILE, search: { purpose } }),
      ).rejects.toMatchObject({
        id: "profile-missing",
        exitCode: 253,
        message:
          "there is no profile x (AWS_PROFILE) in ~/.aws/config, ~/.aws/credentials or the secret aws-credentials",
        hint: "profiles found: y, default",
      });
  });

  it("fail alike where nobody names a profile, and the secret has no default", async () => {
    const lone = { "aws-credentials": `[x]\n${pair("X")}` };
    for (const purpose of both)
      await expect(look({ secrets: lone, search: { purpose } })).rejects.toMatchObject({
        id: "profile-missing",
        message: expect.stringMatching(/^the credentials file .*aws-credentials has no profile default$/),
      });
  });

  it("fail alike where a file has the profile without keys, and the secret has it not", async () => {
    const lone = { "aws-credentials": `[default]\n${pair("D")}` };
    const world = { secrets: lone, env: AWS_PROFILE, config: "[profile x]\nregion = eu-west-1\n" };
    for (const purpose of both)
      await expect(look({ ...world, search: { purpose } })).rejects.toMatchObject({
        id: "profile-missing",
        message: expect.stringMatching(/aws-credentials has no profile x$/),
      });
  });

  it("is not looked for in keys without profiles, nor in a --credentials-file, whose default counts", async () => {
    const keys = await look({
      secrets: { "aws-credentials": LINES },
      env: AWS_PROFILE,
      search: { purpose: "role" },
    });
    expect((await keys?.fetch())?.credentials.accessKeyId).toBe("AKIASECRET");
    for (const purpose of both) {
      const named = await look({ file: secrets["aws-credentials"], env: AWS_PROFILE, search: { purpose } });
      expect((await named?.fetch())?.credentials.accessKeyId).toBe("D");
    }
  });
});

describe("keys in variables and in secrets of their names", () => {
  const [ID, SECRET, SESSION] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;
  const PAST = { AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z" };
  const ofVariables = { [ID]: "AKIAENV", [SECRET]: "env" };
  const ofSecrets = { [ID]: "AKIASECRET", [SECRET]: "mounted", [SESSION]: "token" };

  it.each<[string, string, World]>([
    ["variables before secrets", "AKIAENV env", { env: ofVariables, secrets: { [ID]: "A", [SECRET]: "B" } }],
    [
      "no token of the secrets with a pair of variables",
      "AKIAENV env",
      { env: ofVariables, secrets: ofSecrets },
    ],
    ["... nor a lone one", "AKIAENV env", { env: ofVariables, secrets: { [SESSION]: "stale" } }],
    [
      "... nor by its old name",
      "AKIAENV env",
      { env: ofVariables, secrets: { AWS_SECURITY_TOKEN: "stale" } },
    ],
    ["... nor the end of another's", "AKIAENV env", { env: ofVariables, secrets: PAST }],
    [
      "the secrets' pair before an id alone in a variable",
      "AKIASECRET mounted token",
      { env: { [ID]: "OTHER" }, secrets: ofSecrets },
    ],
    [
      "... before a secret key alone",
      "AKIASECRET mounted token",
      { env: { [SECRET]: "other" }, secrets: ofSecrets },
    ],
    [
      "... without a token in a variable",
      "AKIASECRET mounted token",
      { env: { [SESSION]: "stale", ...PAST }, secrets: ofSecrets },
    ],
    [
      "an id in a variable, the rest in secrets",
      "AKIAENV mounted token",
      { env: { [ID]: "AKIAENV" }, secrets: { [SECRET]: "mounted", [SESSION]: "token" } },
    ],
    [
      "an id in a secret, the rest in variables",
      "AKIASECRET env token",
      { env: { [SECRET]: "env", [SESSION]: "token" }, secrets: { [ID]: "AKIASECRET" } },
    ],
    [
      "an empty variable is none",
      "AKIASECRET mounted token",
      { env: { [ID]: "AKIAENV", [SECRET]: "" }, secrets: ofSecrets },
    ],
  ])("%s", async (_, expected, world) => {
    const { accessKeyId, secretAccessKey, sessionToken } = (await (await look(world))?.fetch())!.credentials;
    expect([accessKeyId, secretAccessKey, sessionToken].join(" ").trim()).toBe(expected);
  });

  it("end as the place says that they are of", async () => {
    const source = await look({ env: { [ID]: "OTHER" }, secrets: { ...ofSecrets, ...PAST } });
    await expect(source?.fetch()).rejects.toMatchObject({ id: "environment-keys", exitCode: 253 });
  });

  it("are an error where only an id is there, in whichever place", async () => {
    for (const world of [{ env: { [ID]: "A" } }, { secrets: { [ID]: "A" } }])
      await expect(look(world)).rejects.toMatchObject({ id: "environment-keys" });
  });
});

describe("a role of a profile", () => {
  const chain = (config: string, world: World = {}) => found({ config, search: { profile: "x" }, ...world });
  const secretKeys = { secrets: { AWS_ACCESS_KEY_ID: "AKIASECRET", AWS_SECRET_ACCESS_KEY: "s\n" } };

  it.each<[string, string, string, World?]>([
    [
      "credential_source = EcsContainer",
      roleOf("x", OF_CONTAINER),
      `[profile x]\n${role("credential_source = EcsContainer")}`,
      { env: CONTAINER },
    ],
    [
      "credential_source = Environment, the variables turned off or not",
      roleOf("x", ENVIRONMENT_KEYS),
      `[profile x]\n${role("credential_source = Environment")}`,
      { env: KEYS },
    ],
    [
      "credential_source = Environment, by secrets",
      roleOf("x", "environment-keys secret AWS_ACCESS_KEY_ID"),
      `[profile x]\n${role("credential_source = Environment")}`,
      secretKeys,
    ],
    [
      "credential_source = Ec2InstanceMetadata",
      roleOf("x", "instance ~/.aws/config, profile x"),
      `[profile x]\n${role("credential_source = Ec2InstanceMetadata")}`,
    ],
    [
      "source_profile",
      roleOf("x", keysOf("y", "config")),
      `[profile x]\n${role("source_profile = y")}[profile y]\n${pair("Y")}`,
    ],
    [
      "itself with keys",
      roleOf("x", keysOf("x", "config")),
      `[profile x]\n${role("source_profile = x")}${pair("X")}`,
    ],
    [
      "an empty token file, which is none",
      keysOf("x", "config"),
      `[profile x]\nweb_identity_token_file =\n${pair("X")}`,
    ],
    [
      "a chain",
      roleOf("x", roleOf("y", keysOf("z", "config"))),
      `[profile x]\n${role("source_profile = y")}[profile y]\n${role("source_profile = z")}[profile z]\n${pair("Z")}`,
    ],
    [
      "a source with keys and a role, which gives its keys",
      roleOf("x", keysOf("y", "config")),
      `[profile x]\n${role("source_profile = y")}[profile y]\n${role("source_profile = z")}${pair("Y")}`,
    ],
    [
      "a source with a token file, whose variables do not count",
      roleOf("x", "web-identity ~/.aws/config, profile y"),
      `[profile x]\n${role("source_profile = y")}[profile y]\n${TOKEN_FILE}`,
      { env: WEB },
    ],
  ])("%s", async (_, expected, config, world) => expect(await chain(config, world)).toBe(expected));

  it("keys that stand in both files are not mixed", async () => {
    const source = await look({
      config: "[profile x]\naws_session_token = old\naws_access_key_id = CONFIG\n",
      credentials: `[x]\n${pair("CREDENTIALS")}`,
      env: AWS_PROFILE,
    });
    expect((await source?.fetch())?.credentials).toEqual({
      accessKeyId: "CREDENTIALS",
      secretAccessKey: "s",
    });
  });
});

describe("options that name a source", () => {
  const env = { ...KEYS, ...CONTAINER };

  it.each<[string, World]>([
    ["credentials-file --credentials-file", { env, file: LINES, secrets: { "aws-credentials": LINES } }],
    ["credentials-file --credentials-file", { env, file: `[default]\n${pair("D")}` }],
    ["container --uri", { env, search: { uri: "/x" } }],
    ["web-identity AWS_WEB_IDENTITY_TOKEN_FILE", { env: { ...env, ...WEB }, search: { webIdentity: true } }],
    ["instance --instance-role", { env, search: { instanceRole: true } }],
    [
      "assumed-role --role-arn < container --uri",
      { search: { uri: "/x", role: { roleArn: ARN, from: "--role-arn" } } },
    ],
    [
      `assumed-role --role-arn < ${OF_CONTAINER}`,
      { env: CONTAINER, search: { role: { roleArn: ARN, from: "--role-arn" }, purpose: "role" } },
    ],
  ])("%s decides (%#)", async (expected, world) => {
    expect(await found(world)).toBe(expected);
    expect(await found({ ...world, search: { purpose: "role", ...world.search } })).toBe(expected);
  });

  it("a profile of the file has its role and its source there", async () => {
    const file = `[x]\n${role("source_profile = y")}[y]\n${pair("Y")}`;
    expect(await found({ env, file, search: { profile: "x" }, config: "[profile x]\n" })).toMatch(
      /^assumed-role .*\/file, profile x < credentials-file --credentials-file$/,
    );
  });

  it.each<[string, World]>([
    ["uri-empty", { env, search: { uri: "" } }],
    ["web-identity-variables", { env, search: { webIdentity: true } }],
    [
      "instance-disabled",
      { env: { ...env, AWS_EC2_METADATA_DISABLED: "true" }, search: { instanceRole: true } },
    ],
  ])("that is not there: %s; with --if-available nothing, and nothing else is taken", async (id, world) => {
    for (const purpose of ["s3", "role"] as const) {
      const search = { ...world.search, purpose };
      await expect(look({ ...world, search })).rejects.toMatchObject({ id, exitCode: 253 });
      expect(await look({ ...world, search: { ...search, ifAvailable: true } })).toBeUndefined();
    }
  });

  it.each<[string, World]>([
    ["container --uri", { search: { uri: "/x" } }],
    ["web-identity AWS_WEB_IDENTITY_TOKEN_FILE", { env: WEB, search: { webIdentity: true } }],
    ["instance --instance-role", { search: { instanceRole: true } }],
  ])("%s that is there is taken with --if-available", async (expected, world) => {
    expect(await found({ ...world, search: { ...world.search, ifAvailable: true } })).toBe(expected);
  });

  it("a role on top of the container says what the container passes over", async () => {
    const role = { roleArn: ARN, from: "--role-arn" };
    const source = await look({ env: CONTAINER, search: { role }, credentials: `[default]\n${pair("D")}` });
    expect(source?.passedOver).toBe("~/.aws/credentials, profile default");
  });

  it("--web-identity takes secrets of these names", async () => {
    const source = await look({ secrets: WEB, search: { webIdentity: true } });
    expect(source?.description).toMatchObject({ kind: "web-identity", place: "secret", roleArn: ARN });
  });
});

describe("what is configured and cannot be used is final", () => {
  const config = (text: string): World => ({ config: text, env: { ...CONTAINER, ...AWS_PROFILE } });

  it.each<[string, string, RegExp, World]>([
    ["environment-keys", "an id alone", /SECRET/, { env: { AWS_ACCESS_KEY_ID: "A", ...CONTAINER } }],
    [
      "environment-keys",
      "a secret id alone",
      /SECRET/,
      { secrets: { AWS_ACCESS_KEY_ID: "A" }, env: CONTAINER },
    ],
    [
      "environment-keys",
      "a date that is none",
      /AWS_CREDENTIAL_EXPIRATION is not/,
      { env: { ...KEYS, AWS_CREDENTIAL_EXPIRATION: "soon" } },
    ],
    ["profile-missing", "a named profile", /no profile x \(AWS_PROFILE\)/, config("[profile y]\n")],
    [
      "profile-missing",
      "a named profile beside key variables",
      /no profile x/,
      { env: { ...KEYS, ...AWS_PROFILE } },
    ],
    [
      "profile-missing",
      "--profile",
      /no profile y \(--profile\)/,
      { search: { profile: "y" }, env: CONTAINER },
    ],
    ["profile-missing", "a profile of a file", /no profile y/, { file: "[x]\n", search: { profile: "y" } }],
    ["profile-without-keys", "half a pair", /profile x/, config("[profile x]\naws_access_key_id = A\n")],
    ["profile-without-keys", "keys of a file", /profile default/, { file: "[default]\n", env: CONTAINER }],
    [
      "sso-session",
      "a session that no section describes",
      /sso_session/,
      { env: KEYS, config: "[default]\nsso_session = s\n" },
    ],
    ["config-file", "a file that cannot be parsed", /line 2/, { env: KEYS, config: "[default]\nnonsense\n" }],
    ["profile-role", "no source", /neither/, config(`[profile x]\n${role("")}${pair("X")}`)],
    [
      "profile-role",
      "two sources",
      /both/,
      config(
        `[profile x]\n${role("source_profile = y\ncredential_source = EcsContainer")}[profile y]\n${pair("Y")}`,
      ),
    ],
    [
      "profile-role",
      "a source that is missing",
      /y does not/,
      config(`[profile x]\n${role("source_profile = y")}`),
    ],
    [
      "profile-role",
      "a source without keys",
      /y has no/,
      config(`[profile x]\n${role("source_profile = y")}[profile y]\nregion = a-b-1\n`),
    ],
    ["profile-role", "itself without keys", /x -> x/, config(`[profile x]\n${role("source_profile = x")}`)],
    [
      "profile-role",
      "a loop",
      /x -> y -> x/,
      config(`[profile x]\n${role("source_profile = y")}[profile y]\n${role("source_profile = x")}`),
    ],
    [
      "profile-role",
      "a loop to one with keys, which only names itself for them",
      /x -> y -> x/,
      config(
        `[profile x]\n${role("source_profile = y")}${pair("X")}[profile y]\n${role("source_profile = x")}`,
      ),
    ],
    [
      "profile-role",
      "another spelling",
      /ecscontainer is not/,
      config(`[profile x]\n${role("credential_source = ecscontainer")}`),
    ],
    [
      "profile-role",
      "an environment without keys",
      /Environment gives no/,
      config(`[profile x]\n${role("credential_source = Environment")}`),
    ],
    [
      "profile-role",
      "an empty role",
      /role_arn is empty/,
      config("[profile x]\nrole_arn =\nsource_profile = y\n"),
    ],
    ["web-identity-role", "a token file alone", /TOKEN_FILE/, { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/t" } }],
    [
      "web-identity-role",
      "a token file of a profile",
      /profile x/,
      config("[profile x]\nweb_identity_token_file = /t\n"),
    ],
    [
      "web-identity-role",
      "a token file with an empty role",
      /profile x/,
      config("[profile x]\nweb_identity_token_file = /t\nrole_arn =\n"),
    ],
    ["web-identity-variables", "no file", /TOKEN_FILE is not/, { search: { webIdentity: true }, env: KEYS }],
    [
      "web-identity-variables",
      "no role",
      /ROLE_ARN is not/,
      { search: { webIdentity: true }, env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/t" } },
    ],
    ["sign-in-needed", "sso", /SSO \(sso_role_name\)/, config("[profile x]\nsso_role_name = r\n")],
    ["sign-in-needed", "login", /aws login/, config("[profile x]\nlogin_session = r\n")],
    [
      "sign-in-needed",
      "mfa",
      /MFA/,
      config(`[profile x]\n${role("mfa_serial = m\nsource_profile = y")}[profile y]\n${pair("Y")}`),
    ],
    [
      "sign-in-needed",
      "sso of a default without a container",
      /SSO/,
      { config: "[default]\nsso_role_name = r\n" },
    ],
    [
      "sign-in-needed",
      "sso of a source",
      /profile y signs/,
      config(`[profile x]\n${role("source_profile = y")}[profile y]\nsso_role_name = r\n`),
    ],
    ["uri-no-slash", "a URI", /slash/, { env: { [RELATIVE]: "x" }, secrets: { "aws-credentials": LINES } }],
  ])("%s: %s", async (id, _, message, world) => {
    await expect(found(world)).rejects.toMatchObject({
      id,
      exitCode: 253,
      message: expect.stringMatching(message),
    });
  });

  it("keys whose date is past, when they are fetched", async () => {
    const env = { ...KEYS, AWS_CREDENTIAL_EXPIRATION: "2025-12-31T23:59:59Z" };
    const source = await look({ env });
    await expect(source?.fetch()).rejects.toMatchObject({ id: "environment-keys", exitCode: 253 });
    const later = await look({ env: { ...env, AWS_CREDENTIAL_EXPIRATION: "2026-01-01T00:00:01+00:00" } });
    expect((await later?.fetch())?.credentials.expiration?.epochMs).toBe(Date.UTC(2026, 0, 1, 0, 0, 1));
  });
});

describe("the old name of the token wins", () => {
  it.each<[string, World]>([
    ["in variables", { env: { ...KEYS, AWS_SECURITY_TOKEN: "old", AWS_SESSION_TOKEN: "new" } }],
    [
      "in a profile",
      { credentials: `[default]\n${pair("D")}aws_session_token = new\naws_security_token = old\n` },
    ],
    [
      "in lines",
      { secrets: { "aws-credentials": `${LINES}AWS_SESSION_TOKEN=new\nAWS_SECURITY_TOKEN=old\n` } },
    ],
  ])("%s", async (_, world) => {
    expect((await (await look(world))?.fetch())?.credentials.sessionToken).toBe("old");
  });
});
