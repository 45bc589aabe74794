import { readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { codeBuildRoleArn } from "../support/credential-endpoint/codebuild-role-arn.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { KeyRing } from "../support/key-ring.js";
import { runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const BUILD = "arn:aws:iam::123456789012:role/codebuild-app";
const BUILD_SESSION = "arn:aws:sts::123456789012:assumed-role/codebuild-app/AWSCodeBuild-0a1b2c";
const ROLE = "arn:aws:iam::210987654321:role/team/deploy";
const SESSION = "arn:aws:sts::210987654321:assumed-role/deploy/fetch-creds";
const WITH_ID = "arn:aws:iam::210987654321:role/partner";
const LONG = "arn:aws:iam::210987654321:role/long";
const STRANGE = "arn:aws:iam::210987654321:role/strange";
const OF_TOKEN = "arn:aws:iam::210987654321:role/irsa";
const EXTERNAL_ID = "tenant-4711/abc";
const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"iss":"https://oidc.eks.eu-west-1.amazonaws.com/id/ABC","aud":"sts.amazonaws.com","sub":"system:serviceaccount:ci:builder"}').toString("base64url")}.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg`;

const ROLES = [
  { arn: ROLE, trusts: [BUILD, OF_TOKEN] },
  { arn: WITH_ID, trusts: [BUILD], externalId: EXTERNAL_ID },
  { arn: LONG, trusts: [BUILD, "arn:aws:iam::123456789012:user/tester"], maxSeconds: 7200 },
  { arn: STRANGE, trusts: [] },
  { arn: OF_TOKEN, tokens: [TOKEN] },
];

const keys = new KeyRing();
const folder = temporaryFolder();
let codebuild: CredentialEndpoint;
let aws: S3Server;
/** A second server: whoever asks STS there was sent to the wrong place. */
let elsewhere: S3Server;

beforeAll(async () => {
  codebuild = await startCredentialEndpoint({ keys, fields: { RoleArn: codeBuildRoleArn() } });
  aws = await startS3Server({ keys, buckets: ["b"], roles: ROLES });
  aws.put("b", "k", "hello");
  elsewhere = await startS3Server({ keys, buckets: ["b"], roles: ROLES });
  elsewhere.put("b", "k", "hello");
  writeFileSync(folder.at("token"), `${TOKEN}\n`);
});
beforeEach(() => {
  aws.forget();
  elsewhere.forget();
});
afterAll(async () => {
  await Promise.all([codebuild, aws, elsewhere].map((each) => each.close()));
  folder.remove();
});

function run(args: readonly string[], env: Record<string, string> = {}, options: readonly string[] = []) {
  const at = args.includes("--") ? args.indexOf("--") : args.length;
  return runBuilt([...args.slice(0, at), ...options, ...args.slice(at)], {
    cwd: folder.path,
    env: { AWS_REGION: "us-east-1", AWS_ENDPOINT_URL: aws.url, ...env },
  });
}

/** With the keys of the build's role. */
const build = (args: readonly string[], env: Record<string, string> = {}) =>
  run(args, env, ["--uri", codebuild.uri]);
/** With a token's. */
const webIdentity = (args: readonly string[], env: Record<string, string> = {}) =>
  run(args, { AWS_WEB_IDENTITY_TOKEN_FILE: folder.at("token"), AWS_ROLE_ARN: OF_TOKEN, ...env }, [
    "--web-identity",
  ]);

const signer = (headers: { authorization?: string | undefined }) =>
  /Credential=([^/]+)/.exec(headers.authorization ?? "")?.[1];
const askedOf = (server: S3Server) => server.requests.flatMap(({ asked }) => (asked ? [asked] : []));
/** Whose keys signed each request to S3. */
const usersOf = (server: S3Server) =>
  new Set(
    server.requests
      .filter(({ asked }) => asked === undefined)
      .map(({ headers }) => keys.find(signer(headers) ?? "")?.arn),
  );
const oneRole = (more: Record<string, string> = {}) => ({
  Action: "AssumeRole",
  Version: "2011-06-15",
  RoleArn: ROLE,
  RoleSessionName: "fetch-creds",
  ...more,
});

const S3_VERBS = [
  { verb: ["cp", "s3://b/k", "-"], stdout: "hello" },
  { verb: ["sync", "s3://b", "synced", "--dryrun"], stdout: "(dryrun) download: s3://b/k" },
  { verb: ["ls", "s3://b"], stdout: " k\n" },
  { verb: ["cache-key", "s3://b/k"], stdout: "" },
];

const SHOW_KEY = ["exec", "--", process.execPath, "-p", "process.env.AWS_ACCESS_KEY_ID"];

describe("--role-arn", () => {
  it.each(S3_VERBS)(
    "$verb.0 works with the role's keys, which STS gave for the build's",
    async ({ verb, stdout }) => {
      const result = await build([...verb, "--role-arn", ROLE]);
      expect(result).toMatchObject({ code: 0, stderr: "" });
      expect(result.stdout).toContain(stdout);
      expect(askedOf(aws)).toEqual([oneRole()]);
      expect(keys.find(signer(aws.requests[0]?.headers ?? {}) ?? "")?.arn).toBe(BUILD_SESSION);
      expect([...usersOf(aws)]).toEqual([SESSION]);
    },
  );

  it("takes a --timeout that is longer than Node's timers run", async () => {
    expect(await build(["verify", "--role-arn", ROLE, "--timeout", "30d"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(SESSION),
      stderr: "",
    });
  });

  it("verify says whose keys they are, and where from", async () => {
    const json = JSON.parse((await build(["verify", "--json", "--role-arn", ROLE])).stdout);
    expect(json).toMatchObject({
      roleArn: SESSION,
      accountId: "210987654321",
      hasSessionToken: true,
      from: { roleArn: "sts", accountId: "sts" },
      source: { kind: "assumed-role", name: "--role-arn", place: "option" },
    });
    expect(json.secondsLeft).toBeGreaterThan(0);
    const { code, stdout } = await build(["verify", "--role-arn", ROLE]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Role {8}${SESSION}$`, "m"));
    expect(stdout).toMatch(/^Source {6}--role-arn \(option\)\nKeys of {5}--uri \(option\), /m);
    expect(stdout).not.toContain("AQICAH");
  });

  it("export and exec hand the role's keys on", async () => {
    const exported = await build(["export", "--format", "process", "--role-arn", ROLE]);
    expect(exported).toMatchObject({ code: 0, stderr: "" });
    expect(keys.find(JSON.parse(exported.stdout).AccessKeyId)?.arn).toBe(SESSION);
    const executed = await build([...SHOW_KEY.slice(0, 1), "--role-arn", ROLE, ...SHOW_KEY.slice(1)]);
    expect(executed).toMatchObject({ code: 0, stderr: "" });
    expect(keys.find(executed.stdout.trim())?.arn).toBe(SESSION);
  });

  it("doctor takes it", async () => {
    const { stdout } = await build(["doctor", "s3://b/k", "--role-arn", ROLE]);
    expect(askedOf(aws).filter(({ Action }) => Action === "AssumeRole").length).toBeGreaterThan(0);
    expect(stdout).toContain("deploy");
  });

  it("exec --refreshable cannot hand on a role", async () => {
    const result = await build(["exec", "--refreshable", "--role-arn", ROLE, "--", "echo", "ran"]);
    expect(result).toMatchObject({ code: 253, stdout: "" });
    expect(result.stderr).toMatch(/^fetch-creds: .*--refreshable/);
    expect(aws.requests).toEqual([]);
  });

  it.each([
    [["--role-session-name", "my build"], {}, { RoleSessionName: "my-build" }],
    [[], { CODEBUILD_BUILD_ID: "app:0a1b-2c" }, { RoleSessionName: "fetch-creds-0a1b-2c" }],
    [["--duration", "15m"], {}, { DurationSeconds: "900" }],
    [["--duration", "1h"], {}, { DurationSeconds: "3600" }],
    [
      ["--external-id", EXTERNAL_ID, "--role-arn", WITH_ID],
      {},
      { RoleArn: WITH_ID, ExternalId: EXTERNAL_ID },
    ],
  ])("%j with %j asks for %j", async (args, env, fields) => {
    const result = await build(["verify", "--role-arn", ROLE, ...args], env);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(askedOf(aws)).toEqual([oneRole(fields)]);
  });

  it.each([
    [["--expect-role", "deploy"], 0],
    [["--expect-role", ROLE], 0],
    [["--expect-account", "210987654321"], 0],
    [["--expect-role", "codebuild-app"], 1],
    [["--expect-account", "123456789012"], 1],
  ])("expectations hold against the role that was assumed: %j exits %i", async (expectation, code) => {
    const result = await build(["cp", "s3://b/k", "-", "--role-arn", ROLE, ...expectation]);
    expect(result).toMatchObject({ code, stdout: code === 0 ? "hello" : "" });
    expect(askedOf(aws)).toEqual([oneRole()]);
    expect(usersOf(aws).size).toBe(code === 0 ? 1 : 0);
  });

  it("--sts asks STS with the role's keys", async () => {
    const { code } = await build(["verify", "--sts", "--expect-role", "deploy", "--role-arn", ROLE]);
    expect(code).toBe(0);
    expect(askedOf(aws).map(({ Action }) => Action)).toEqual(["AssumeRole", "GetCallerIdentity"]);
    expect(keys.find(signer(aws.requests[1]?.headers ?? {}) ?? "")?.arn).toBe(SESSION);
  });

  it("--debug shows each step, and no secret", async () => {
    const args = ["cp", "s3://b/k", "-", "--debug", "--external-id", EXTERNAL_ID, "--role-arn", WITH_ID];
    const { code, stderr } = await build(args);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /assuming arn:aws:iam::210987654321:role\/partner as fetch-creds with the keys of --uri/,
    );
    expect(stderr).toMatch(/AssumeRole POST http:\/\/127\.0\.0\.1:\d+\/: 200 in \d+ ms/);
    expect(stderr).not.toContain(EXTERNAL_ID);
    const role = usersOf(aws);
    expect(role.size).toBe(1);
    for (const { secretAccessKey, sessionToken } of codebuild.issued) {
      expect(stderr).not.toContain(secretAccessKey);
      expect(stderr).not.toContain(sessionToken);
    }
  });
});

describe("what STS refuses", () => {
  it("says who may not assume what, and the lines that are missing, ready to be pasted", async () => {
    const { code, stdout, stderr } = await build(["cp", "s3://b/k", "-", "--role-arn", STRANGE]);
    expect({ code, stdout }).toEqual({ code: 254, stdout: "" });
    const lines = stderr.split("\n");
    expect(lines[0]).toMatch(
      `fetch-creds: ${BUILD_SESSION} may not assume ${STRANGE} (--role-arn): AssumeRole at ${aws.url} answered 403: AccessDenied: `,
    );
    const statements = lines.flatMap((line) => /\{"Effect".*?\}(?=$| )/.exec(line) ?? []);
    expect(statements.map((text) => JSON.parse(text))).toEqual([
      { Effect: "Allow", Principal: { AWS: BUILD }, Action: "sts:AssumeRole" },
      { Effect: "Allow", Resource: STRANGE, Action: "sts:AssumeRole" },
    ]);
    expect(askedOf(aws)).toHaveLength(1);
    expect(usersOf(aws).size).toBe(0);
  });

  it.each([
    [[], "no external ID was sent: if the trust policy has a condition on sts:ExternalId, add --external-id"],
    [["--external-id", "tenant-0815"], "the external ID must be the one in that trust policy's condition"],
  ])("an external ID may be what is missing: %j", async (args, hint) => {
    const { code, stderr } = await build(["ls", "s3://b", "--role-arn", WITH_ID, ...args]);
    expect(code).toBe(254);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain("0815");
  });

  it("more than an hour with a role's keys, without being asked", async () => {
    const { code, stderr } = await build(["verify", "--role-arn", LONG, "--duration", "2h"]);
    expect(code).toBe(252);
    expect(stderr).toMatch(
      /^fetch-creds: --duration is longer than 1h, and the source's keys are temporary: /,
    );
    expect(aws.requests).toEqual([]);
    // A user's keys get it, as far as the role allows.
    const user = (duration: string) =>
      run(["cp", "s3://b/k", "-", "--role-arn", LONG, "--duration", duration], aws.env as never);
    expect(await user("2h")).toMatchObject({ code: 0, stdout: "hello" });
    const refused = await user("3h");
    expect(refused.code).toBe(254);
    expect(refused.stderr).toMatch(
      /cannot be assumed for that long: AssumeRole .*\n.*--max-session-duration/,
    );
  });

  it("a role of another partition, without being asked", async () => {
    const endpoint = await startCredentialEndpoint({ keys, fields: { RoleArn: BUILD } });
    const args = ["verify", "--uri", endpoint.uri, "--role-arn", "arn:aws-cn:iam::210987654321:role/x"];
    const { code, stderr } = await run(args);
    await endpoint.close();
    expect(code).toBe(253);
    expect(stderr).toMatch(
      new RegExp(`^fetch-creds: ${BUILD} cannot assume arn:aws-cn:.*partition aws, the role in aws-cn`),
    );
    expect(aws.requests).toEqual([]);
  });

  it("export's output fails the shell that reads it", async () => {
    expect(await build(["export", "--role-arn", STRANGE])).toMatchObject({ code: 254, stdout: "false\n" });
  });

  it("exec does not run the command", async () => {
    const result = await build(["exec", "--role-arn", STRANGE, "--", "echo", "ran"]);
    expect(result).toMatchObject({
      code: 254,
      stdout: "",
      stderr: expect.stringMatching(/^fetch-creds: .*AssumeRole/),
    });
  });

  it("no answer of STS is 255", async () => {
    const { code, stderr } = await build(["verify", "--role-arn", ROLE], {
      AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
    });
    expect(code).toBe(255);
    expect(stderr).toMatch(/^fetch-creds: AssumeRole at http:\/\/127\.0\.0\.1:1 failed: ECONNREFUSED\n/);
  });
});

describe("where STS is asked", () => {
  it.each([
    ["AWS_ENDPOINT_URL_STS before AWS_ENDPOINT_URL", () => ({ AWS_ENDPOINT_URL_STS: elsewhere.url }), []],
    [
      "--endpoint-url-sts before both",
      () => ({ AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1" }),
      () => ["--endpoint-url-sts", elsewhere.url],
    ],
  ])("%s", async (_what, env, args) => {
    const given = typeof args === "function" ? args() : args;
    const result = await build(["cp", "s3://b/k", "-", "--role-arn", ROLE, ...given], env());
    expect(result).toMatchObject({ code: 0, stdout: "hello" });
    expect([askedOf(elsewhere).length, askedOf(aws).length]).toEqual([1, 0]);
    expect(elsewhere.requests).toHaveLength(1);
  });

  it("for a profile's role as well", async () => {
    const config = folder.at("config");
    writeFileSync(
      config,
      `[profile deploy]\nrole_arn = ${ROLE}\ncredential_source = EcsContainer\nregion = eu-west-3\n`,
    );
    const env = {
      AWS_CONFIG_FILE: config,
      AWS_PROFILE: "deploy",
      AWS_REGION: "",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: codebuild.uri,
    };
    const args = ["cp", "s3://b/k", "-", "--endpoint-url-sts", elsewhere.url];
    aws.behaviour.wrongRegion = "malformed";
    expect(await run(args, env)).toMatchObject({ code: 0, stdout: "hello", stderr: "" });
    expect(askedOf(elsewhere)).toEqual([oneRole()]);
    expect(elsewhere.requests[0]?.headers.authorization).toContain("/eu-west-3/sts/aws4_request");
    expect([...usersOf(aws)]).toEqual([SESSION]);
  });

  it("never at --endpoint-url, which is S3's", async () => {
    const args = ["cp", "s3://b/k", "-", "--role-arn", ROLE, "--endpoint-url", elsewhere.url];
    expect(await build(args)).toMatchObject({ code: 0, stdout: "hello" });
    expect([askedOf(elsewhere).length, askedOf(aws).length]).toEqual([0, 1]);
    expect([...usersOf(elsewhere)]).toEqual([SESSION]);
  });

  it.each([
    [["--region", "eu-central-1"], {}, "eu-central-1"],
    [[], { AWS_REGION: "eu-west-3" }, "eu-west-3"],
    [[], { AWS_REGION: "" }, "us-east-1"],
  ])("signed for the region of %j and %j", async (args, env, region) => {
    await build(["cp", "s3://b/k", "-", "--role-arn", ROLE, ...args], env);
    const [first] = aws.requests;
    expect(first?.asked).toEqual(oneRole());
    expect(first?.headers.authorization).toContain(`/${region}/sts/aws4_request`);
  });
});

describe("--web-identity", () => {
  it.each(S3_VERBS)("$verb.0 works with the keys that STS gave for the token", async ({ verb, stdout }) => {
    const result = await webIdentity(verb);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout).toContain(stdout);
    expect(askedOf(aws)).toEqual([
      {
        Action: "AssumeRoleWithWebIdentity",
        Version: "2011-06-15",
        RoleArn: OF_TOKEN,
        RoleSessionName: "fetch-creds",
        WebIdentityToken: TOKEN,
      },
    ]);
    expect(aws.requests[0]?.headers.authorization).toBeUndefined();
    expect([...usersOf(aws)]).toEqual([SESSION.replace("deploy", "irsa")]);
  });

  it("verify, export and exec", async () => {
    const verified = await webIdentity(["verify", "--json"]);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      roleArn: SESSION.replace("deploy", "irsa"),
      from: { roleArn: "sts" },
      source: { kind: "web-identity", name: "AWS_WEB_IDENTITY_TOKEN_FILE" },
    });
    const exported = await webIdentity(["export", "--format", "process"]);
    expect(keys.find(JSON.parse(exported.stdout).AccessKeyId)?.arn).toBe(SESSION.replace("deploy", "irsa"));
    const executed = await webIdentity(SHOW_KEY);
    expect(keys.find(executed.stdout.trim())?.arn).toBe(SESSION.replace("deploy", "irsa"));
  });

  it("is a source that a role may stand on", async () => {
    const result = await webIdentity(["cp", "s3://b/k", "-", "--role-arn", ROLE]);
    expect(result).toMatchObject({ code: 0, stdout: "hello", stderr: "" });
    expect(askedOf(aws).map(({ Action }) => Action)).toEqual(["AssumeRoleWithWebIdentity", "AssumeRole"]);
    expect([...usersOf(aws)]).toEqual([SESSION]);
  });

  it("a session's name comes from AWS_ROLE_SESSION_NAME", async () => {
    await webIdentity(["verify"], { AWS_ROLE_SESSION_NAME: "pod-1" });
    expect(askedOf(aws)).toMatchObject([{ RoleSessionName: "pod-1" }]);
  });

  it.each([
    [
      "a token that STS does not take",
      `${TOKEN}x`,
      254,
      /^fetch-creds: the token in .* is not accepted for .*role\/irsa.*\n.*audience sts\.amazonaws\.com/,
    ],
    [
      "an empty file",
      "\n",
      253,
      /^fetch-creds: cannot use the web identity token file .*: it is empty; nothing was sent\n/,
    ],
    ["GitHub's JSON", `{"value":"${TOKEN}"}`, 253, /it holds JSON, not the token alone/],
  ])("%s", async (_what, text, code, line) => {
    const file = folder.at(`token-${code}-${text.length}`);
    writeFileSync(file, text);
    const result = await webIdentity(["cp", "s3://b/k", "-"], { AWS_WEB_IDENTITY_TOKEN_FILE: file });
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toMatch(line);
    expect(result.stderr).not.toContain("c2lnbmF0dXJl");
    expect(askedOf(aws)).toHaveLength(code === 254 ? 1 : 0);
  });

  it("a role that does not trust the token has the line of its trust policy", async () => {
    const { code, stderr } = await webIdentity(["verify"], { AWS_ROLE_ARN: STRANGE });
    expect(code).toBe(254);
    const [, text = ""] = /needs: (\{.*\})$/m.exec(stderr) ?? [];
    expect(JSON.parse(text)).toEqual({
      Effect: "Allow",
      Principal: {
        Federated: "arn:aws:iam::210987654321:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC",
      },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          "oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud": "sts.amazonaws.com",
          "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:ci:builder",
        },
      },
    });
  });
});

describe("a long copy", () => {
  /** A world of its own, in which 30 objects are copied one by one. */
  async function copying(args: (endpoint: CredentialEndpoint) => readonly string[], env = {}) {
    const ring = new KeyRing();
    const endpoint = await startCredentialEndpoint({ keys: ring, fields: { RoleArn: codeBuildRoleArn() } });
    const token = folder.at(`token-of-${endpoint.port}`);
    writeFileSync(token, "eyJh.first.sig");
    const roles = [
      { arn: ROLE, trusts: [BUILD] },
      { arn: OF_TOKEN, tokens: ["eyJh.first.sig"] },
    ];
    const server = await startS3Server({ keys: ring, buckets: ["b"], roles });
    for (let i = 0; i < 30; i++) server.put("b", `many/${i}`, "x");
    let copied = 0;
    let atTenth: () => void = () => undefined;
    server.instead = ({ method, key }) => {
      if (method === "GET" && key !== undefined && ++copied === 10) atTenth();
      return undefined;
    };
    const out = `out-${endpoint.port}`;
    const copy = async (tenth: () => void) => {
      atTenth = tenth;
      const result = await runBuilt(
        ["cp", "s3://b/many", out, "--recursive", "--no-progress", "--concurrency", "1", ...args(endpoint)],
        {
          cwd: folder.path,
          env: {
            AWS_REGION: "us-east-1",
            AWS_ENDPOINT_URL: server.url,
            ...env,
            AWS_WEB_IDENTITY_TOKEN_FILE: token,
          },
        },
      );
      await Promise.all([endpoint.close(), server.close()]);
      const objects = server.requests.filter(({ key, method }) => key !== undefined && method === "GET");
      const signers = new Set(objects.map(({ headers }) => signer(headers)));
      return { ...result, signers, files: readdirSync(folder.at(out)).length };
    };
    return { ring, endpoint, server, token, roles, copy };
  }

  it("takes fresh keys of the role, and of the source where those have expired as well", async () => {
    const { ring, endpoint, server, copy } = await copying(({ uri }) => ["--uri", uri, "--role-arn", ROLE]);
    // S3 no longer takes the role's keys, and STS no longer those of the source.
    const { code, stderr, signers, files } = await copy(() => ring.expireAll());
    expect({ code, stderr, files }).toEqual({ code: 0, stderr: "", files: 30 });
    expect(endpoint.requests).toHaveLength(2);
    const asked = server.requests.filter(({ asked }) => asked !== undefined);
    expect(asked.map(({ status }) => status)).toEqual([200, 403, 200]);
    expect(asked.map(({ headers }) => signer(headers))).toEqual([
      endpoint.issued[0]?.accessKeyId,
      endpoint.issued[0]?.accessKeyId,
      endpoint.issued[1]?.accessKeyId,
    ]);
    expect(signers.size).toBe(2);
  });

  it("does not ask the source where only the role's keys have expired", async () => {
    const { ring, endpoint, server, copy } = await copying(({ uri }) => ["--uri", uri, "--role-arn", ROLE]);
    const { code, stderr, signers, files } = await copy(() => {
      const [, role] = new Set(server.requests.map(({ headers }) => signer(headers)));
      const known = ring.find(role ?? "");
      if (known !== undefined) known.expiresAt = Date.now() - 1;
    });
    expect({ code, stderr, files }).toEqual({ code: 0, stderr: "", files: 30 });
    expect(endpoint.requests).toHaveLength(1);
    expect(server.requests.filter(({ asked }) => asked !== undefined)).toHaveLength(2);
    expect(signers.size).toBe(2);
  });

  it("reads the token's file anew", async () => {
    const { ring, server, token, roles, copy } = await copying(() => ["--web-identity"], {
      AWS_ROLE_ARN: OF_TOKEN,
    });
    const { code, stderr, files } = await copy(() => {
      writeFileSync(token, "eyJh.second.sig\n");
      server.behaviour.roles = [{ ...roles[1], arn: OF_TOKEN, tokens: ["eyJh.second.sig"] }];
      ring.expireAll();
    });
    expect({ code, stderr, files }).toEqual({ code: 0, stderr: "", files: 30 });
    const tokens = server.requests.flatMap(({ asked }) => asked?.WebIdentityToken ?? []);
    expect(tokens).toEqual(["eyJh.first.sig", "eyJh.second.sig"]);
  });
});

describe("a response that is none of STS'", () => {
  const ANSWER = (inner: string) =>
    `<AssumeRoleResponse><AssumeRoleResult>${inner}</AssumeRoleResult></AssumeRoleResponse>`;
  const KEYS = (id: string) =>
    `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`;
  const USER = (arn: string) => `<AssumedRoleUser><Arn>${arn}</Arn></AssumedRoleUser>`;

  it.each([
    ["good keys", ANSWER(KEYS("ASIAX") + USER(SESSION)), 0],
    ["keys of another role", ANSWER(KEYS("ASIAX") + USER(SESSION.replace("deploy", "admin"))), 254],
    ["keys of two roles", ANSWER(KEYS("ASIAX") + USER(SESSION) + USER(SESSION)), 254],
    ["two sets of keys", ANSWER(KEYS("ASIAX") + KEYS("ASIAY") + USER(SESSION)), 254],
    ["no keys", ANSWER(USER(SESSION)), 254],
    ["keys of nobody", ANSWER(KEYS("ASIAX")), 254],
    ["a page", "<html><body>welcome</body></html>", 254],
    ["keys cut off", ANSWER(KEYS("ASIAX") + USER(SESSION)).slice(0, -30), 254],
  ])("%s: exec exits %j", async (_what, body, code) => {
    const server = await startS3Server({ keys });
    let asked = 0;
    server.instead = () => {
      asked++;
      return { status: 200, headers: {}, body: Buffer.from(body) };
    };
    const result = await build(["exec", "--role-arn", ROLE, "--", "echo", "ran"], {
      AWS_ENDPOINT_URL_STS: server.url,
    });
    await server.close();
    expect({ code: result.code, stdout: result.stdout, asked }).toEqual({
      code,
      stdout: code === 0 ? "ran\n" : "",
      asked: 1,
    });
  });
});
