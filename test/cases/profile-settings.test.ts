import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { CAN_CHOWN, NEEDS_ROOT, OTHER } from "../support/other-user.js";
import { startRecorder } from "../support/profiles/recorder.js";
import { homeFiles, SETTING_CASES, type SettingCase } from "../support/profiles/setting-cases.js";
import { runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";
import { CAN_MOUNT, withSecrets } from "../support/with-secrets.js";

/** A home with the files of a case. */
function homeOf(each: SettingCase): TemporaryFolder {
  const folder = temporaryFolder();
  mkdirSync(folder.at(".aws"));
  for (const [name, text] of Object.entries(homeFiles(each))) writeFileSync(folder.at(".aws", name), text);
  writeFileSync(folder.at("f"), "hello");
  return folder;
}

/** Runs ours in that home, with nobody to ask but the recorder. */
async function recorded(each: SettingCase, args: readonly string[]) {
  using home = homeOf(each);
  await using recorder = await startRecorder();
  const env = { HOME: home.path, ...recorder.env, ...each.env };
  const file = each.file === undefined ? [] : ["--credentials-file", home.at(".aws", "file")];
  const result = await runBuilt([...args, ...file, ...(each.options ?? [])], { env, cwd: home.path });
  return { ...result, contacts: recorder.contacts };
}

describe.concurrent("the profile in force", () => {
  it.each(SETTING_CASES)("$title", async (each) => {
    const { contacts, code, stderr } = await recorded(each, [
      "ls",
      "s3://bucket",
      ...(each.of === "sts" ? ["--sts"] : []),
    ]);
    if (each.refused !== undefined) {
      const [expected, ours] = each.refused;
      expect({ code, contacts }, stderr).toEqual({ code: expected, contacts: [] });
      expect(stderr).toMatch(ours);
    } else expect(contacts[0]?.where, stderr).toBe(each.asks);
  });
});

describe("a file of profiles that cannot be used", () => {
  const KEYS = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
  const broken = { title: "", config: "region = eu-west-1\nwJalrXUtnFEMI\n" };
  const WORDS = "fetch-creds: cannot parse ~/.aws/config, line 3: ";
  let endpoint: CredentialEndpoint;
  beforeAll(async () => {
    endpoint = await startCredentialEndpoint();
  });
  afterAll(() => endpoint.close());

  it.each([
    [["ls", "s3://bucket"]],
    [["cp", "f", "s3://bucket/f"]],
    [["sync", ".", "s3://bucket"]],
    [["cache-key", "s3://bucket/f"]],
    [["ls", "s3://bucket", "--region", "eu-west-1", "--no-sign-request"]],
    [["verify", "--sts", "--uri"]],
    [["export", "--uri"]],
    [["exec", "--uri"]],
  ])("ends %j before anybody is asked, whatever else is set", async (args) => {
    const wanted = args.at(-1) === "--uri" ? [...args, endpoint.uri] : args;
    const command = args[0] === "exec" ? ["--", "true"] : [];
    const { code, stderr, contacts } = await recorded({ ...broken, env: KEYS }, [...wanted, ...command]);
    expect(stderr).toContain(WORDS);
    expect(stderr).not.toContain("wJalr");
    expect({ code, contacts }).toEqual({ code: 253, contacts: [] });
  });

  it.each([[["verify"]], [["verify", "--json"]]])(
    "is told by %j, which only shows the region, in one line",
    async (args) => {
      const { code, stdout, stderr } = await recorded(broken, [...args, "--uri", endpoint.uri]);
      expect(
        stderr.startsWith("fetch-creds: the region is not read: cannot parse ~/.aws/config, line 3"),
      ).toBe(true);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect({ code, isShown: stdout.includes("eu-west-1") }).toEqual({ code: 0, isShown: false });
    },
  );

  it("is not looked into by verify where a variable names the region", async () => {
    const env = { AWS_REGION: "eu-west-1" };
    const { code, stdout, stderr } = await recorded({ ...broken, env }, ["verify", "--uri", endpoint.uri]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("eu-west-1");
  });

  it.each([[["doctor"]], [["doctor", "s3://bucket"]]])("is one finding of %j", async (args) => {
    const { code, stdout } = await recorded(broken, [...args, "--json", "--uri", endpoint.uri]);
    const findings: { level: string; id?: string; found: string }[] = JSON.parse(stdout).findings;
    const toFix = findings.filter(({ level }) => level === "fix");
    expect({ code, ids: toFix.map(({ id }) => id) }).toEqual({ code: 1, ids: ["config-file"] });
    expect(toFix[0]?.found).toContain("~/.aws/config, line 3");
  });

  it.each([
    ["services = none\n", "services-missing"],
    ["request_checksum_calculation = never\n", "bad-setting"],
    ["endpoint_url = nowhere\n", "endpoint-unusable"],
    ["region = cn-north-1\nuse_fips_endpoint = true\n", "fips-unsupported"],
    ["sso_session = none\n", "sso-session"],
  ])("is no more than a finding of doctor where a setting is wrong: %j", async (config, id) => {
    const args = ["doctor", "s3://bucket", "--json", "--uri", endpoint.uri];
    const { code, stdout } = await recorded({ title: "", config }, args);
    const findings: { level: string; id?: string }[] = JSON.parse(stdout).findings;
    const toFix = findings.filter(({ level }) => level === "fix").map((each) => each.id);
    expect({ code, toFix }).toEqual({ code: 1, toFix: [id] });
  });

  it.skipIf(!CAN_CHOWN)(`is one that this user may not read${NEEDS_ROOT}`, async () => {
    using home = homeOf({ title: "", config: "region = eu-west-1\n" });
    chmodSync(home.path, 0o755);
    chmodSync(home.at(".aws"), 0o755);
    const env = { HOME: home.path, ...KEYS };
    const run = () =>
      runBuilt(["ls", "s3://bucket", "--endpoint-url", "http://127.0.0.1:1"], {
        env,
        uid: OTHER,
        gid: OTHER,
      });
    const control = await run();
    expect(control.stderr).toContain("No response when calling the ListObjectsV2 operation");
    chmodSync(home.at(".aws", "config"), 0o600);
    const { code, stderr } = await run();
    expect(stderr).toContain("fetch-creds: cannot read ~/.aws/config: permission denied\n");
    expect(code).toBe(253);
    // As in a home that is another user's: it was not made for this one.
    chmodSync(home.at(".aws"), 0o700);
    expect((await run()).stderr).toContain("No response when calling the ListObjectsV2 operation");
  });
});

describe.skipIf(!CAN_MOUNT)(`the secret aws-credentials${NEEDS_ROOT}`, () => {
  const PAIR = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n";
  const TEXT = `[default]\n${PAIR}region = eu-west-1\nendpoint_url = http://secret.test\n[dep]\n${PAIR}region = us-west-2\n`;
  const HOME_CONFIG = "[default]\nregion = us-west-1\nendpoint_url = http://home.test\n";
  const NOTHING = "[default]\nnothing\n";
  let endpoint: CredentialEndpoint;
  beforeAll(async () => {
    endpoint = await startCredentialEndpoint();
  });
  afterAll(() => endpoint.close());

  /** Runs ours with that secret, and that config file if there is one. */
  async function withSecret(
    secret: string,
    config: string,
    args: readonly string[],
    env: SettingCase["env"],
  ) {
    using home = temporaryFolder();
    mkdirSync(home.at(".aws"));
    if (config !== "") writeFileSync(home.at(".aws", "config"), config);
    mkdirSync(home.at("secrets"));
    writeFileSync(home.at("secrets", "aws-credentials"), secret);
    await using recorder = await startRecorder();
    const result = await runBuilt(args, {
      env: { HOME: home.path, ...recorder.env, ...env },
      ...withSecrets(home.at("secrets")),
    });
    return { ...result, asked: recorder.contacts[0]?.where };
  }
  const container = () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri });

  it.each<[string, string, SettingCase["env"], string[], string]>([
    ["alone", "", {}, [], "http secret.test/bucket eu-west-1"],
    ["behind the profile of the config file", HOME_CONFIG, {}, [], "http home.test/bucket us-west-1"],
    [
      "of a profile that only it has",
      HOME_CONFIG,
      { AWS_PROFILE: "dep" },
      [],
      "https bucket.s3.us-west-2.amazonaws.com",
    ],
    ["unsigned", "", {}, ["--no-sign-request"], "http secret.test/bucket unsigned"],
  ])("gives its settings: %s", async (_, config, env, options, expected) => {
    const { asked, stderr } = await withSecret(TEXT, config, ["ls", "s3://bucket", ...options], env);
    expect(asked, stderr).toBe(expected);
  });

  it("gives its settings also where the container gives the keys, and its region to export and exec", async () => {
    const { asked } = await withSecret(TEXT, "", ["ls", "s3://bucket"], container());
    expect(asked).toBe("http secret.test/bucket eu-west-1");
    const command = ["exec", "--", process.execPath, "-p", "process.env.AWS_REGION"];
    expect((await withSecret(TEXT, "", command, {})).stdout).toBe("eu-west-1\n");
    const { stdout } = await withSecret(TEXT, "", ["export", "--profile", "dep"], {});
    expect(stdout).toMatch(/^export AWS_REGION='?us-west-2'?$/m);
  });

  it.each<[string, string]>([
    ["cannot be parsed", NOTHING],
    ["is in two sections", "[default]\n[default]\n"],
  ])(
    "ends what would take its settings, and is told by verify and doctor, where it %s",
    async (_, secret) => {
      const WORDS = "cannot parse /run/secrets/aws-credentials, line 2: ";
      const ls = await withSecret(secret, "", ["ls", "s3://bucket"], container());
      expect(ls).toMatchObject({ code: 253, asked: undefined });
      expect(ls.stderr).toContain(`fetch-creds: ${WORDS}`);
      const verify = await withSecret(secret, "", ["verify"], container());
      expect(verify).toMatchObject({ code: 0 });
      expect(verify.stderr).toContain(`fetch-creds: the region is not read: ${WORDS}`);
      const doctor = await withSecret(secret, "", ["doctor", "s3://bucket", "--json"], container());
      const findings: { level: string; found: string }[] = JSON.parse(doctor.stdout).findings;
      const toFix = findings.filter(({ level }) => level === "fix");
      expect({ code: doctor.code, found: toFix.map(({ found }) => found.startsWith(WORDS)) }).toEqual({
        code: 1,
        found: [true],
      });
      // Not where the profile is in the config file.
      const control = await withSecret(secret, HOME_CONFIG, ["ls", "s3://bucket"], container());
      expect(control.asked).toBe("http home.test/bucket us-west-1");
    },
  );
});

const R = "region = eu-west-1\nendpoint_url = http://s3.test\n";
const hasChecksum = (headers: Readonly<Record<string, unknown>>) =>
  Object.keys(headers).some((name) => /^x-amz-(?:sdk-)?checksum/.test(name));

describe.concurrent("checksums", () => {
  it.each<[string, string, SettingCase["env"], string[], boolean]>([
    ["by default", "", {}, [], true],
    ["when_required", "request_checksum_calculation = WHEN_REQUIRED\n", {}, [], false],
    [
      "when_required, but for the variable",
      "request_checksum_calculation = when_required\n",
      { AWS_REQUEST_CHECKSUM_CALCULATION: "when_supported" },
      [],
      true,
    ],
    ["when_required by the variable", "", { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" }, [], false],
    [
      "when_required, and asked for",
      "request_checksum_calculation = when_required\n",
      {},
      ["--checksum-algorithm", "CRC32"],
      true,
    ],
  ])("go along with an upload: %s", async (title, config, env, options, sent) => {
    const each = { title, config: R + config, env: env ?? {}, options };
    const { code, stderr, contacts } = await recorded(each, ["cp", "f", "s3://bucket/k"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(contacts.map(({ method, headers }) => [method, hasChecksum(headers)])).toEqual([["PUT", sent]]);
  });

  it.each<[string, string, SettingCase["env"], boolean]>([
    ["by default", "", {}, true],
    ["when_required", "response_checksum_validation = when_required\n", {}, false],
    [
      "when_required, but for the variable",
      "response_checksum_validation = when_required\n",
      { AWS_RESPONSE_CHECKSUM_VALIDATION: "WHEN_SUPPORTED" },
      true,
    ],
    ["when_required by the variable", "", { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" }, false],
  ])("are asked for with a download: %s", async (title, config, env, asked) => {
    const { contacts } = await recorded({ title, config: R + config, env: env ?? {} }, [
      "cp",
      "s3://bucket/k",
      "-",
    ]);
    const gets = contacts.filter(({ method }) => method === "GET");
    expect(gets.map(({ headers }) => headers["x-amz-checksum-mode"])).toEqual([
      asked ? "ENABLED" : undefined,
    ]);
  });
});

describe("ca_bundle", () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server({ tls: true, buckets: ["bucket"] });
    server.put("bucket", "k", "x");
  });
  afterAll(() => server.close());

  it.each<[string, (certificate: string) => string, SettingCase["env"], number, RegExp]>([
    ["is trusted", (file) => `ca_bundle = ${file}\n`, {}, 0, /^$/],
    ["is needed: the control", () => "", {}, 255, /^fetch-creds: .*certificate/],
    [
      "stands behind AWS_CA_BUNDLE",
      (file) => `ca_bundle = ${file}\n`,
      { AWS_CA_BUNDLE: "/nonexistent/x.pem" },
      252,
      /CA bundle \/nonexistent\/x\.pem/,
    ],
    [
      "is a failure where it is not there",
      () => "ca_bundle = /nonexistent/y.pem\n",
      {},
      252,
      /CA bundle \/nonexistent\/y\.pem/,
    ],
  ])("%s", async (title, bundle, env, expected, words) => {
    const config = `endpoint_url = ${server.url}\n${bundle(server.certificateFile)}`;
    using home = homeOf({ title, config });
    const keys = Object.entries(server.env).filter(([name]) => /KEY/.test(name));
    server.forget();
    const result = await runBuilt(["ls", "s3://bucket"], {
      env: { HOME: home.path, AWS_REGION: "us-east-1", ...Object.fromEntries(keys), ...env },
    });
    expect(server.requests).toHaveLength(expected === 0 ? 1 : 0);
    expect(result.stderr).toMatch(words);
    expect(result.code).toBe(expected);
  });
});
