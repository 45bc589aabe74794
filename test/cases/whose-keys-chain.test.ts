import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import {
  type InstanceMetadata,
  startInstanceMetadata,
} from "../support/instance-metadata/instance-metadata.js";
import { KeyRing } from "../support/key-ring.js";
import { NEEDS_ROOT } from "../support/other-user.js";
import { runBuilt } from "../support/run-built.js";
import { errorResponse } from "../support/s3-server/respond.js";
import { S3Error } from "../support/s3-server/s3-error.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { CAN_MOUNT, withSecrets } from "../support/with-secrets.js";

const FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const DEPLOY = "arn:aws:iam::210987654321:role/team/deploy";
const AUDIT = "arn:aws:iam::210987654321:role/audit";
const WEB = "arn:aws:iam::210987654321:role/web";
const BASE = "arn:aws:iam::123456789012:role/codebuild-app";
const USER = "arn:aws:iam::123456789012:user/ci";
const TOKEN = "header.payload.signature";
const sessionOf = (name: string, session = "fetch-creds") =>
  `arn:aws:sts::210987654321:assumed-role/${name}/${session}`;
/** Whose keys the endpoints for tests give, the container's and the instance's: no test has both. */
const OF_ROLE = "arn:aws:sts::123456789012:assumed-role/codebuild-app/AWSCodeBuild-0a1b2c";

const keys = new KeyRing();
const user = keys.add({
  accessKeyId: "AKIAUSERUSERUSERUSER",
  secretAccessKey: "user-secret-user-secret",
  arn: USER,
  account: "123456789012",
});
const KEYS = { AWS_ACCESS_KEY_ID: user.accessKeyId, AWS_SECRET_ACCESS_KEY: user.secretAccessKey };
const PAIR = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
const folder = temporaryFolder();
let endpoint: CredentialEndpoint;
let instance: InstanceMetadata;

beforeAll(async () => {
  endpoint = await startCredentialEndpoint({ keys });
  instance = await startInstanceMetadata({ keys });
  writeFileSync(folder.at("token"), `${TOKEN}\n`);
});
afterAll(async () => {
  await Promise.all([endpoint.close(), instance.close()]);
  folder.remove();
});

interface World {
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: () => Record<string, string>;
  readonly args?: readonly string[];
  /** BuildKit secrets: /run/secrets of a mount namespace of this run alone. */
  readonly secrets?: Readonly<Record<string, string>>;
}

let count = 0;

/** Runs a verb with a home, S3 and STS of its own. */
async function run(verb: readonly string[], { config, credentials, env, args = [], secrets }: World) {
  const home = folder.at(`home-${++count}`);
  mkdirSync(`${home}/.aws`, { recursive: true });
  if (config !== undefined) writeFileSync(`${home}/.aws/config`, config);
  if (credentials !== undefined) writeFileSync(`${home}/.aws/credentials`, credentials);
  mkdirSync(`${home}-secrets`);
  for (const [name, text] of Object.entries(secrets ?? {})) writeFileSync(`${home}-secrets/${name}`, text);
  const roles = [
    { arn: DEPLOY, trusts: [BASE, USER], externalId: "external" },
    { arn: AUDIT, trusts: ["arn:aws:iam::210987654321:role/deploy", BASE, USER] },
    { arn: WEB, tokens: [TOKEN] },
  ];
  const server: S3Server = await startS3Server({ keys, buckets: ["b"], roles });
  server.put("b", "k", "hello");
  const result = await runBuilt([...verb, ...args], {
    env: { HOME: home, AWS_ENDPOINT_URL: server.url, ...env?.() },
    ...(secrets === undefined ? {} : withSecrets(`${home}-secrets`)),
  });
  await server.close();
  const signers = server.requests.map(({ headers, method }) => {
    const [, id = ""] = /Credential=([^/]+)/.exec(String(headers.authorization)) ?? [];
    return `${method === "POST" ? "STS" : "S3"} ${keys.find(id)?.arn ?? "nobody"}`;
  });
  const regions = server.requests.map(({ headers }) => String(headers.authorization).split("/")[2]);
  return { ...result, signers, regions, home };
}

const ls = (world: World) => run(["ls", "s3://b"], world);
const container = () => ({ [FULL_URI]: endpoint.uri });
const role = (arn: string, source: string) => `role_arn = ${arn}\n${source}\n`;
const WITH_ID = "external_id = external";

describe.concurrent("ls is signed by who the AWS CLI would be", () => {
  it.each<[string, World, readonly string[]]>([
    ["key variables, before the container", { env: () => ({ ...container(), ...KEYS }) }, [`S3 ${USER}`]],
    [
      "AWS_PROFILE's role over the container",
      {
        config: `[profile deploy]\n${role(DEPLOY, "credential_source = EcsContainer")}${WITH_ID}\n`,
        env: () => ({ ...container(), AWS_PROFILE: "deploy" }),
      },
      [`STS ${OF_ROLE}`, `S3 ${sessionOf("deploy")}`],
    ],
    [
      "a chain of roles, with a name of its own",
      {
        config: `[profile deploy]\n${role(DEPLOY, "source_profile = ci")}${WITH_ID}\n[profile audit]\n${role(AUDIT, "source_profile = deploy")}role_session_name = me\n`,
        credentials: `[ci]\n${PAIR}`,
        args: ["--profile", "audit"],
      },
      [`STS ${USER}`, `STS ${sessionOf("deploy")}`, `S3 ${sessionOf("audit", "me")}`],
    ],
    [
      "web identity of the environment",
      {
        env: () => ({
          ...container(),
          AWS_WEB_IDENTITY_TOKEN_FILE: folder.at("token"),
          AWS_ROLE_ARN: WEB,
          AWS_ROLE_SESSION_NAME: "pod",
        }),
      },
      ["STS nobody", `S3 ${sessionOf("web", "pod")}`],
    ],
    [
      "the keys of a named profile, before the container",
      { credentials: `[ci]\n${PAIR}`, env: () => ({ ...container(), AWS_PROFILE: "ci" }) },
      [`S3 ${USER}`],
    ],
    [
      "the container for a profile without keys",
      { config: "[profile bare]\nregion = us-east-1\n", env: container, args: ["--profile", "bare"] },
      [`S3 ${OF_ROLE}`],
    ],
    [
      "a credential_process",
      {
        config: `[profile x]\ncredential_process = printf '{"Version":1,"AccessKeyId":"${user.accessKeyId}","SecretAccessKey":"${user.secretAccessKey}"}'\n`,
        args: ["--profile", "x"],
      },
      [`S3 ${USER}`],
    ],
    [
      "--role-arn on the container",
      {
        env: container,
        args: ["--role-arn", DEPLOY, "--external-id", "external", "--role-session-name", "a b"],
      },
      [`STS ${OF_ROLE}`, `S3 ${sessionOf("deploy", "a-b")}`],
    ],
    [
      "--role-arn on a profile's keys, for half an hour",
      {
        credentials: `[ci]\n${PAIR}`,
        args: ["--profile", "ci", "--role-arn", AUDIT, "--duration", "30m"],
      },
      [`STS ${USER}`, `S3 ${sessionOf("audit")}`],
    ],
    [
      "--instance-role",
      {
        env: () => ({ ...KEYS, AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url }),
        args: ["--instance-role"],
      },
      [`S3 ${OF_ROLE}`],
    ],
    [
      "--web-identity, before keys",
      {
        env: () => ({ ...KEYS, AWS_WEB_IDENTITY_TOKEN_FILE: folder.at("token"), AWS_ROLE_ARN: WEB }),
        args: ["--web-identity"],
      },
      ["STS nobody", `S3 ${sessionOf("web")}`],
    ],
  ])("%s", async (_, world, signers) => {
    const result = await ls(world);
    expect({ code: result.code, stderr: result.stderr, signers: result.signers }).toEqual({
      code: 0,
      stderr: "",
      signers,
    });
  });
});

describe.concurrent("nobody else is asked when it cannot be", () => {
  it.each<[string, number, RegExp, World]>([
    [
      "a named profile is missing",
      253,
      /no profile x \(AWS_PROFILE\)/,
      { env: () => ({ ...KEYS, AWS_PROFILE: "x" }) },
    ],
    [
      "a role has no source",
      253,
      /neither source_profile/,
      { config: `[default]\nrole_arn = ${AUDIT}\n${PAIR}`, env: container },
    ],
    [
      "a profile signs in",
      253,
      /signs in with SSO[^\n]*\n {2}.*aws configure export-credentials --profile x/,
      { config: "[profile x]\nsso_account_id = 1\n", env: container, args: ["--profile", "x"] },
    ],
    [
      "its date is past",
      253,
      /expired at 2020/,
      { env: () => ({ ...container(), ...KEYS, AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z" }) },
    ],
    // Where the clock on the wall is five hours behind it.
    [
      "its date is past, in UTC",
      253,
      /expired at /,
      {
        env: () => ({
          ...KEYS,
          TZ: "EST5",
          AWS_CREDENTIAL_EXPIRATION: new Date(Date.now() - 2 * 3_600_000).toISOString().slice(0, 19),
        }),
      },
    ],
    [
      "two sources are named",
      252,
      /--uri and --profile exclude/,
      { args: ["--uri", "/x", "--profile", "x"] },
    ],
    ["an ARN is none", 252, /not a valid ARN/, { env: container, args: ["--role-arn", "deploy"] }],
    [
      "a session is none to be assumed",
      252,
      /not a valid ARN/,
      { env: container, args: ["--role-arn", OF_ROLE] },
    ],
    [
      "a duration is too long",
      252,
      /15m to 12h/,
      { env: container, args: ["--role-arn", AUDIT, "--duration", "13h"] },
    ],
    [
      "a duration is too long for a role's keys",
      252,
      /1h/,
      { env: container, args: ["--role-arn", AUDIT, "--duration", "2h"] },
    ],
    [
      "nothing is signed",
      252,
      /--external-id and --no-sign-request exclude/,
      { args: ["--no-sign-request", "--external-id", "ab"] },
    ],
    ["an external id has no role", 252, /has no effect without --role-arn/, { args: ["--external-id", "x"] }],
  ])("%s", async (_, code, stderr, world) => {
    const result = await ls(world);
    expect({ code: result.code, signers: result.signers }).toEqual({ code, signers: [] });
    expect(result.stderr).toMatch(stderr);
  });

  it("the trust policy says no", async () => {
    const { code, stderr, signers } = await ls({ env: container, args: ["--role-arn", DEPLOY] });
    expect({ code, signers }).toEqual({ code: 254, signers: [`STS ${OF_ROLE}`] });
    expect(stderr).toContain(DEPLOY);
  });
});

describe.concurrent("a credential_process that runs this file for its own profile", () => {
  it("is started once", async () => {
    const { code, stderr } = await run(["ls", "s3://b"], {
      config: `[profile p]\ncredential_process = ${process.execPath} ${BUILT_FILE} export --format process --profile p\n`,
      args: ["--profile", "p"],
    });
    expect(code).toBe(253);
    expect(stderr).toMatch(
      /profile p exited with 253: fetch-creds: the credential_process of [^\n]*, profile p starts itself$/m,
    );
  });
});

describe.skipIf(!CAN_MOUNT)(`where there is no source${NEEDS_ROOT}`, () => {
  const WAYS = [
    "  in CodeBuild or ECS: `docker build --secret id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,env=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI .`, and in the Dockerfile `RUN --mount=type=secret,id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`",
    "  without BuildKit: `docker build --build-arg AWS_CONTAINER_CREDENTIALS_RELATIVE_URI .`, and in the Dockerfile `ARG AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` after FROM",
    "  outside CodeBuild and ECS: `docker build --secret id=aws-credentials,src=FILE .`, and in the Dockerfile `RUN --mount=type=secret,id=aws-credentials`",
    `  to check everything: node ${BUILT_FILE} doctor`,
  ];

  it.each<[string, World, readonly string[]]>([
    ["nothing at all", { secrets: {} }, []],
    [
      "a secret by a name of its own",
      { secrets: { aws: "x" } },
      ["  the secret aws is mounted, but not read: did you mean id=aws-credentials?"],
    ],
    [
      "a secret by a misspelled name",
      { secrets: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URL: "/x" } },
      [
        "  the secret AWS_CONTAINER_CREDENTIALS_RELATIVE_URL is mounted, but not read: did you mean id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI?",
      ],
    ],
    [
      "a misspelled variable",
      { secrets: {}, env: () => ({ AWS_CONTAINER_CREDENTIAL_RELATIVE_URI: "/x" }) },
      [
        "  AWS_CONTAINER_CREDENTIAL_RELATIVE_URI is set, but not read: did you mean AWS_CONTAINER_CREDENTIALS_RELATIVE_URI?",
      ],
    ],
  ])("%s: one line, then what is there, then the ways in one layout", async (_, world, first) => {
    const { code, stderr } = await run(["verify"], world);
    expect(code).toBe(253);
    const [line, ...hints] = stderr.trimEnd().split("\n");
    expect(line).toMatch(/^fetch-creds: no credential source found: neither /);
    expect(hints.filter((hint) => !hint.includes("EC2 instance"))).toEqual([...first, ...WAYS]);
  });
});

describe.concurrent("keys that S3 says have expired are renewed in their own way", () => {
  const old = { accessKeyId: "AKIAOLDOLDOLDOLDOLDO", secretAccessKey: "old-secret" };
  const lines = `aws_access_key_id = ${old.accessKeyId}\naws_secret_access_key = ${old.secretAccessKey}\n`;
  const process = `echo '{"Version":1,"AccessKeyId":"${old.accessKeyId}","SecretAccessKey":"${old.secretAccessKey}"}'`;

  it.each<[string, World, string, string]>([
    [
      "the container's",
      { env: container },
      "check the clock of this machine, then run the step again",
      "AWS_CONTAINER",
    ],
    [
      "variables",
      { env: () => ({ AWS_ACCESS_KEY_ID: old.accessKeyId, AWS_SECRET_ACCESS_KEY: old.secretAccessKey }) },
      "pass new ones",
      "AWS_ACCESS_KEY_ID",
    ],
    [
      "a profile's",
      { config: `[profile x]\n${lines}`, args: ["--profile", "x"] },
      "write new ones into the profile",
      "~/.aws/config",
    ],
    [
      "a credential_process's",
      { config: `[profile x]\ncredential_process = ${process}\n`, args: ["--profile", "x"] },
      "its command must return new ones",
      "~/.aws/config",
    ],
    [
      "an assumed role's",
      { env: container, args: ["--role-arn", AUDIT] },
      "check the clock of this machine, then run the step again",
      AUDIT,
    ],
  ])("%s", async (_, world, fix, from) => {
    const refusing = await startS3Server({ buckets: ["b"] });
    let refused = 0;
    refusing.instead = () => {
      refused++;
      return errorResponse(new S3Error(400, "ExpiredToken", "The provided token has expired."), "/");
    };
    try {
      const { code, stderr } = await run(["ls", "s3://b", "--endpoint-url", refusing.url], world);
      expect(refused).toBeGreaterThan(0);
      expect(code).toBe(254);
      expect(stderr).toContain(`\n  The keys have expired: ${fix}. The keys come from ${from}`);
    } finally {
      await refusing.close();
    }
  });
});

describe.concurrent("what S3 refuses names whose keys they were", () => {
  it.each<[string, World, RegExp]>([
    [
      "a profile's",
      {
        config: "[profile x]\naws_access_key_id = AKIANOBODY\naws_secret_access_key = s\n",
        args: ["--profile", "x"],
      },
      /The keys come from ~\/\.aws\/config, profile x \(file\)\.$/m,
    ],
    [
      "a variable's",
      { env: () => ({ AWS_ACCESS_KEY_ID: "AKIANOBODY", AWS_SECRET_ACCESS_KEY: "s" }) },
      /The keys come from AWS_ACCESS_KEY_ID \(environment variable\)\.$/m,
    ],
  ])("%s", async (_, world, says) => {
    for (const verb of [
      ["ls", "s3://b"],
      ["cp", "s3://b/k", "/dev/null"],
    ]) {
      const { code, stderr } = await run(verb, world);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(says);
    }
    expect((await run(["ls", "s3://b", "--debug"], world)).stderr).toContain("credentials from ");
  });
});

describe.concurrent("what is passed over for the container", () => {
  const world = { credentials: `[default]\n${PAIR}`, env: container };
  const LINE =
    "the AWS CLI would use ~/.aws/credentials, profile default; AWS_CONTAINER_CREDENTIALS_FULL_URI (environment variable) is used here instead";

  it("is said once, when it goes well", async () => {
    const { code, stderr, signers } = await ls(world);
    expect({ code, signers }).toEqual({ code: 0, signers: [`S3 ${OF_ROLE}`] });
    expect(stderr).toMatch(/^fetch-creds: [^\n]*\n$/);
    expect(stderr).toContain(LINE);
  });

  it("names the container under --role-arn, too", async () => {
    const { stderr, signers } = await ls({ ...world, args: ["--role-arn", AUDIT] });
    expect(signers[0]).toBe(`STS ${OF_ROLE}`);
    expect(stderr).toContain(LINE);
  });

  it("stands in the hint of a failure, once", async () => {
    for (const failing of [
      await run(["ls", "s3://missing"], world),
      await run(["ls", "s3://b", "--expect-role", "other"], world),
      await run(["ls", "s3://b"], {
        ...world,
        env: () => ({ [FULL_URI]: "http://127.0.0.1:1/x" }),
        args: ["--timeout", "1ms"],
      }),
    ]) {
      expect(failing.code).not.toBe(0);
      expect(failing.stderr.split(LINE)).toHaveLength(2);
      expect(failing.stderr).toMatch(/\n {2}the AWS CLI would use ~\/\.aws\/credentials, profile default/);
    }
  });

  it("is not said with --quiet, nor where default is named", async () => {
    const copy = ["cp", "s3://b/k", "/dev/null"];
    expect((await run([...copy, "--quiet"], world)).stderr).toBe("");
    const named = await ls({ ...world, args: ["--profile", "default"] });
    expect({ stderr: named.stderr, signers: named.signers }).toEqual({ stderr: "", signers: [`S3 ${USER}`] });
  });
});

describe.concurrent("verify, export and exec ask the container, and name who cp would be", () => {
  it.each<[string, World, RegExp]>([
    [
      "keys in variables",
      { env: () => ({ ...container(), ...KEYS }) },
      /use AWS_ACCESS_KEY_ID \(environment variable\) here/,
    ],
    [
      "web identity",
      { env: () => ({ ...container(), AWS_WEB_IDENTITY_TOKEN_FILE: folder.at("token"), AWS_ROLE_ARN: WEB }) },
      /use AWS_WEB_IDENTITY_TOKEN_FILE \(environment variable\) here/,
    ],
    [
      "a named profile",
      { credentials: `[ci]\n${PAIR}`, env: () => ({ ...container(), AWS_PROFILE: "ci" }) },
      /use ~\/\.aws\/credentials, profile ci \(file\) here/,
    ],
    [
      "the role of default",
      { config: `[default]\n${role(AUDIT, "credential_source = EcsContainer")}`, env: container },
      /use ~\/\.aws\/config, profile default \(file\) here/,
    ],
  ])("%s", async (_, world, line) => {
    for (const verb of [["verify"], ["export"], ["exec", "--", "true"]]) {
      const { code, stderr } = await run(verb, world);
      expect(code).toBe(0);
      expect(stderr).toMatch(/^fetch-creds: [^\n]*, not AWS_CONTAINER_CREDENTIALS_FULL_URI [^\n]*\n$/);
      expect(stderr).toMatch(line);
    }
  });

  it("name whose keys assume the role of --role-arn", async () => {
    const world = { env: () => ({ ...container(), ...KEYS }), args: ["--role-arn", AUDIT] };
    const { code, stderr, signers } = await run(["verify"], world);
    expect({ code, signers: signers[0] }).toEqual({ code: 0, signers: `STS ${OF_ROLE}` });
    expect(stderr).toMatch(
      /^fetch-creds: cp, sync and ls assume the role with the keys of AWS_ACCESS_KEY_ID [^\n]*, not of AWS_CONTAINER_[^\n]*\n$/,
    );
    expect((await ls(world)).signers[0]).toBe(`STS ${USER}`);
    expect((await run(["verify"], { ...world, env: container })).stderr).toBe("");
  });

  it("say nothing where cp is the same", async () => {
    for (const world of [
      { env: container },
      { config: "[default]\nregion = eu-west-1\n", env: container },
      { credentials: `[default]\n${PAIR}`, env: container },
      { env: () => ({ ...container(), ...KEYS }), args: ["--uri", "/x"] },
    ])
      expect((await run(["verify"], world)).stderr).not.toContain("cp, sync, ls");
  });
});

describe.concurrent("verify shows whose keys a role was assumed with", () => {
  const world = { env: container, args: ["--role-arn", AUDIT, "--expect-account", "210987654321"] };

  it("in lines", async () => {
    const { code, stdout } = await run(["verify"], world);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Role {8}${sessionOf("audit")}$`, "m"));
    expect(stdout).toMatch(/^Source {6}--role-arn \(option\)$/m);
    expect(stdout).toMatch(/^Keys of {5}AWS_CONTAINER_CREDENTIALS_FULL_URI \(environment variable\), http:/m);
  });

  it("in JSON", async () => {
    const { stdout } = await run(["verify", "--json"], world);
    expect(JSON.parse(stdout)).toMatchObject({
      roleArn: sessionOf("audit"),
      source: {
        kind: "assumed-role",
        name: "--role-arn",
        roleArn: AUDIT,
        base: { kind: "container", name: FULL_URI, base: null },
      },
      from: { roleArn: "sts" },
    });
  });

  it("in the region that --region names", async () => {
    const { code, regions } = await run(["verify"], {
      ...world,
      args: [...world.args, "--region", "eu-west-3"],
    });
    expect({ code, regions }).toEqual({ code: 0, regions: ["eu-west-3"] });
  });

  it("and leaves nothing in the home folder", async () => {
    const config = `[profile audit]\n${role(AUDIT, "credential_source = EcsContainer")}`;
    const { code, home } = await run(["verify"], { config, env: container, args: ["--profile", "audit"] });
    expect(code).toBe(0);
    expect(readdirSync(home, { recursive: true }).sort()).toEqual([".aws", ".aws/config"]);
  });

  it("and export hands the role's keys on", async () => {
    const { stdout } = await run(["export", "--format", "process"], {
      env: container,
      args: ["--role-arn", AUDIT],
    });
    expect(keys.find(JSON.parse(stdout).AccessKeyId)?.arn).toBe(sessionOf("audit"));
    const child = await run(["exec"], {
      env: container,
      args: ["--role-arn", AUDIT, "--", "sh", "-c", "echo $AWS_ACCESS_KEY_ID"],
    });
    expect(keys.find(child.stdout.trim())?.arn).toBe(sessionOf("audit"));
    const refreshed = await run(["exec"], {
      env: container,
      args: ["--role-arn", AUDIT, "--refreshable", "--", "true"],
    });
    expect(refreshed.code).toBe(253);
  });
});

describe.concurrent("doctor shows the chain", () => {
  it("with what each place holds, and who uses it", async () => {
    const { stdout } = await run(["doctor"], {
      config: `[default]\n${role(AUDIT, "credential_source = EcsContainer")}`,
      credentials: `[default]\n${PAIR}`,
      env: () => ({ ...container(), AWS_REGION: "us-east-1" }),
    });
    expect(stdout).toMatch(/^ok {4}chain, profile in force: default \(none is named\)$/m);
    expect(stdout).toMatch(/^note {2}chain, keys in variables: none$/m);
    expect(stdout).toMatch(
      /^ok {4}chain, role of the profile: .*audit.*; used by cp, sync and ls, and by the AWS CLI and SDKs$/m,
    );
    expect(stdout).toMatch(/^ok {4}chain, role of the container: .*; used by verify, export and exec$/m);
    expect(stdout).toMatch(
      /^note {2}chain, keys in the credentials file: ~\/\.aws\/credentials, profile default/m,
    );
    expect(stdout).not.toContain(user.secretAccessKey);
  });

  it("and where the AWS CLI takes another", async () => {
    const { stdout } = await run(["doctor"], { credentials: `[default]\n${PAIR}`, env: container });
    expect(stdout).toMatch(
      /^ok {4}chain, role of the container: .*; used by verify, export and exec, and by cp, sync and ls$/m,
    );
    expect(stdout).toMatch(/^ok {4}chain, keys in the credentials file: .*; used by the AWS CLI and SDKs$/m);
  });

  it("and says of an option that it names the source", async () => {
    const { stdout } = await run(["doctor"], { args: ["--uri", endpoint.uri], env: () => KEYS });
    expect(stdout).toMatch(/^note {2}chain: not looked at: --uri names the source$/m);
  });
});

describe.skipIf(!CAN_MOUNT).concurrent(`secrets are read alike by every command${NEEDS_ROOT}`, () => {
  const OTHER = "aws_access_key_id = AKIANOBODY\naws_secret_access_key = s\n";
  const secrets = { "aws-credentials": `[default]\n${OTHER}[dep]\n${PAIR}` };
  const exported = async (world: World) => {
    const { code, stdout, stderr } = await run(["export", "--format", "process"], world);
    return { code, stderr, id: code === 0 ? JSON.parse(stdout).AccessKeyId : undefined };
  };

  it("AWS_PROFILE names the profile of aws-credentials", async () => {
    const world = { secrets, env: () => ({ AWS_PROFILE: "dep" }) };
    expect(await exported(world)).toEqual({ code: 0, stderr: "", id: user.accessKeyId });
    expect((await ls(world)).signers).toEqual([`S3 ${USER}`]);
    // Nobody names one.
    expect(await exported({ secrets })).toEqual({ code: 0, stderr: "", id: "AKIANOBODY" });
  });

  it("one that is missing there is the same failure", async () => {
    const world = {
      secrets: { "aws-credentials": `[default]\n${PAIR}` },
      env: () => ({ AWS_PROFILE: "dep" }),
    };
    const results = [await run(["verify"], world), await ls(world), await run(["export"], world)];
    for (const { code, stderr } of results) {
      expect({ code, stderr }).toEqual({ code: 253, stderr: results[0]?.stderr });
      expect(stderr).toMatch(/no profile dep \(AWS_PROFILE\) in [^\n]* or the secret aws-credentials$/m);
    }
  });

  it("the container goes before them for verify", async () => {
    const { code, stdout, stderr } = await run(["verify", "--json"], {
      secrets,
      env: () => ({ ...container(), AWS_PROFILE: "dep" }),
    });
    expect({ code, name: JSON.parse(stdout).source.name }).toEqual({ code: 0, name: FULL_URI });
    expect(stderr).toMatch(/^fetch-creds: cp, sync[^\n]* aws-credentials \(secret file\) here, not AWS_C/);
  });

  it("a pair of secrets is not mixed with an id in a variable", async () => {
    const world = { secrets: KEYS, env: () => ({ AWS_ACCESS_KEY_ID: "AKIAOTHER" }) };
    expect((await ls(world)).signers).toEqual([`S3 ${USER}`]);
    const { stdout } = await run(["doctor"], world);
    expect(stdout).toMatch(/No command takes it: cp, sync and ls take the pair in the secrets/);
    expect(stdout).toMatch(
      /^ok {4}chain, keys in variables: AWS_ACCESS_KEY_ID \(secret file\); used by cp, sync and ls; for the AWS CLI and SDKs, which see no secrets: cannot be used: /m,
    );
  });

  it("a session token of a secret is not sent with a pair of variables", async () => {
    const stale = { AWS_SESSION_TOKEN: "stale" };
    const { code, signers } = await ls({ secrets: stale, env: () => KEYS });
    expect({ code, signers }).toEqual({ code: 0, signers: [`S3 ${USER}`] });
    // It would have been refused.
    expect((await ls({ secrets: {}, env: () => ({ ...KEYS, ...stale }) })).code).not.toBe(0);
  });
});

describe.concurrent("what stands in the wrong place is not shown", () => {
  const SECRET = "wrongly-indented-secret";

  it.each<[string, string]>([
    ["region", "us-east-1"],
    ["source_profile", `x\nrole_arn = ${AUDIT}`],
    ["credential_source", `x\nrole_arn = ${AUDIT}`],
    ["web_identity_token_file", `x\nrole_arn = ${AUDIT}`],
    ["request_checksum_calculation", "x"],
  ])("a secret that is indented below %s", async (setting, value) => {
    const [first = "", ...others] = value.split("\n");
    const config = `[profile p]\n${setting} = ${first}\n  aws_secret_access_key = ${SECRET}\n${others.join("\n")}\n`;
    const world = {
      config,
      env: () => ({ ...KEYS, AWS_ENDPOINT_URL: undefined as never, AWS_PROFILE: "p" }),
      args: ["--debug"],
    };
    if (setting !== "region") world.args.push("--region", "us-east-1");
    // Nobody is asked: the endpoint, where there is none, is not what it would be.
    const { code, stderr } = await run(["ls", "s3://b", "--endpoint-url", "http://127.0.0.1:1"], {
      ...world,
      args: [...world.args, "--profile", "p"],
    });
    expect(code).not.toBe(0);
    expect(stderr).not.toContain(SECRET);
  });

  it("a token in the place of the path of its file", async () => {
    const token = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJpc3MifQ.signature-of-it";
    const web = { AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: WEB };
    const worlds = [
      await ls({ env: () => web, args: ["--debug"] }),
      await run(["verify", "--web-identity", "--json", "--debug"], { env: () => web }),
      await run(["doctor"], { env: () => web }),
      await run(["verify", "--debug"], {
        env: () => ({ ...container(), AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token }),
      }),
    ];
    for (const { code, stdout, stderr } of worlds) {
      expect(code).not.toBe(0);
      expect(stdout + stderr).not.toContain("eyJ");
      expect(stdout + stderr).not.toContain("signature-of-it");
    }
  });
});

describe.concurrent("a command that finds nothing, and may, says whose keys cp would use", () => {
  const found = (name: string) =>
    `verify, export and exec find no credentials here, but cp, sync and ls use ${name}, which was not checked`;
  const dev: World = { credentials: `[dev]\n${PAIR}`, env: () => ({ AWS_PROFILE: "dev" }) };

  it.each<[string, readonly string[], World, string]>([
    ["verify, AWS_PROFILE", ["verify"], dev, "~/.aws/credentials, profile dev (file)"],
    ["export, AWS_PROFILE", ["export"], dev, "~/.aws/credentials, profile dev (file)"],
    ["verify, key variables", ["verify"], { env: () => KEYS }, "AWS_ACCESS_KEY_ID (environment variable)"],
  ])("%s", async (_, verb, world, winner) => {
    const { code, stderr } = await run([...verb, "--if-available"], world);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(found(winner)) });
  });

  it("and nothing where cp finds nothing, too", async () => {
    const { code, stderr } = await run(["verify", "--if-available"], {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("cp, sync") });
  });
});
