import { readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeBuildRoleArn } from "../support/credential-endpoint/codebuild-role-arn.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { type ConnectProxy, startConnectProxy } from "../support/fault-proxy/connect-proxy.js";
import { KeyRing, type KnownKeys } from "../support/key-ring.js";
import { runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const SESSION = "arn:aws:sts::123456789012:assumed-role/codebuild-app/AWSCodeBuild-0a1b2c";
const LIE = "arn:aws:iam::999999999999:role/service-role/other";

const keys = new KeyRing();
const opaque = codeBuildRoleArn();
let codebuild: CredentialEndpoint;
/** One who names a role and an account that the keys do not belong to. */
let liar: CredentialEndpoint;
let aws: S3Server;
let tls: S3Server;
let proxy: ConnectProxy;
const folder = temporaryFolder();

beforeAll(async () => {
  codebuild = await startCredentialEndpoint({ keys, fields: { RoleArn: opaque } });
  liar = await startCredentialEndpoint({ keys, fields: { RoleArn: LIE, AccountId: "999999999999" } });
  aws = await startS3Server({ keys, buckets: ["b"] });
  aws.put("b", "k", "hello");
  tls = await startS3Server({ keys, tls: true });
  proxy = await startConnectProxy();
});
afterAll(async () => {
  await Promise.all([codebuild, liar, aws, tls, proxy].map((each) => each.close()));
  folder.remove();
});

const run = (args: readonly string[], uri: string, env: Record<string, string> = {}) => {
  const [before, after] = args.includes("--")
    ? [args.slice(0, args.indexOf("--")), args.slice(args.indexOf("--"))]
    : [args, []];
  return runBuilt([...before, "--uri", uri, ...after], {
    cwd: folder.path,
    env: { AWS_ENDPOINT_URL: aws.url, ...env },
  });
};
const callsOf = (server: S3Server) => server.requests.filter(({ method }) => method === "POST").length;

describe("CodeBuild's answer, which names no role", () => {
  it("verify says so, derives the account from the access key id, and marks it", async () => {
    const fixed = keys.add({ ...keys.issue(Date.now() + 3_600_000), accessKeyId: "ASIAQNZGKIQY56JQ7WML" });
    const endpoint = await startCredentialEndpoint({
      fields: { RoleArn: opaque, AccessKeyId: fixed.accessKeyId },
    });
    const { code, stdout, stderr } = await run(["verify"], endpoint.uri);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Role {8}the endpoint does not name it \(verify --sts asks\)$/m);
    expect(stdout).toMatch(/^Account {5}029608264753 \(derived from the access key id, not confirmed\)$/m);
    const json = JSON.parse((await run(["verify", "--json"], endpoint.uri)).stdout);
    expect(json).toMatchObject({
      roleArn: null,
      accountId: null,
      accessKeyAccountId: "029608264753",
      caller: null,
      from: { roleArn: null, accountId: null, accessKeyAccountId: "accessKeyId" },
      differs: null,
    });
    // For showing, never for a guard.
    const guarded = await run(["verify", "--expect-account", "029608264753"], endpoint.uri, {
      AWS_ENDPOINT_URL: tls.url,
    });
    expect(guarded).toMatchObject({ code: 255, stdout: "" });
    await endpoint.close();
  });

  it("the opaque text is printed nowhere", async () => {
    for (const [args, code, first] of [
      [["verify"], 0, "Role        the endpoint does not name it"],
      [["verify", "--json"], 0, '{\n  "available": true'],
      [["verify", "--sts"], 0, `Role        ${SESSION}`],
      [["verify", "--debug"], 0, "Role        the endpoint does not name it"],
      [["verify", "--expect-role", "other"], 1, ""],
      [["export", "--format", "process"], 0, '{\n  "Version": 1'],
      [["doctor"], 0, ""],
    ] as const) {
      const result = await run(args, codebuild.uri);
      expect(result.stdout + result.stderr, args.join(" ")).not.toContain("AQICAH");
      expect(result.stdout + result.stderr, args.join(" ")).not.toBe("");
      expect({ args, code: result.code, first: result.stdout.slice(0, first.length) }).toEqual({
        args,
        code,
        first,
      });
    }
  });

  it.each([
    ["README's own line", ["--expect-role", "codebuild-*", "--min-ttl", "15m", "--json"], 0],
    ["the role's name", ["--expect-role", "codebuild-app"], 0],
    ["with its path, which STS does not name", ["--expect-role", "service-role/codebuild-app"], 0],
    [
      "the ARN as the console shows it",
      ["--expect-role", "arn:aws:iam::123456789012:role/service-role/codebuild-app"],
      0,
    ],
    ["the session's ARN", ["--expect-role", SESSION], 0],
    ["another session", ["--expect-role", `${SESSION}x`], 1],
    ["another role", ["--expect-role", "codebuild-other"], 1],
    ["the session's name, which its caller chooses", ["--expect-role", "*0a1b2c"], 1],
    ["the account", ["--expect-account", "123456789012"], 0],
    ["another account", ["--expect-account", "999999999999"], 1],
    ["both", ["--expect-role", "codebuild-app", "--expect-account", "123456789012"], 0],
  ])("verify holds %s against STS, asked once by itself: %j exits %i", async (_, args, expected) => {
    aws.forget();
    const { code, stderr } = await run(["verify", ...args], codebuild.uri);
    expect({ code, asked: callsOf(aws) }).toEqual({ code: expected, asked: 1 });
    if (expected === 1)
      expect(stderr).toMatch(
        /^fetch-creds: .*; the endpoint does not name the .*STS says .*\n {2}.*--expect-/,
      );
  });

  it.each([
    { verb: ["export"], tail: [] },
    { verb: ["exec"], tail: ["--", process.execPath, "-p", "'ran'"] },
    { verb: ["cp", "s3://b/k", "-"], tail: [] },
    { verb: ["sync", "s3://b", "synced"], tail: [] },
    { verb: ["ls", "s3://b"], tail: [] },
    { verb: ["cache-key", "s3://b/k"], tail: [] },
    { verb: ["doctor"], tail: [] },
  ])("$verb.0 holds it against STS as well, and does nothing where it fails", async ({ verb, tail }) => {
    const good = await run([...verb, "--expect-role", "codebuild-app", ...tail], codebuild.uri);
    expect(good).toMatchObject({ code: 0 });
    expect(good.stdout).not.toBe("");
    aws.forget();
    const bad = await run([...verb, "--expect-role", "other", ...tail], codebuild.uri);
    expect(bad.code).toBe(1);
    expect(bad.stdout + bad.stderr).toContain(`STS says ${SESSION}`);
    expect(aws.requests.map(({ method }) => method)).toEqual(["POST"]);
    expect(bad.stdout).not.toContain("ran");
    aws.forget();
    // Its certificate is not trusted, which no second try would change.
    const unasked = await run([...verb, "--sts", "--endpoint-url-sts", tls.url, ...tail], codebuild.uri);
    expect(unasked.code).toBe(verb[0] === "doctor" ? 1 : 255);
    expect(unasked.stdout + unasked.stderr).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
    expect(aws.requests).toEqual([]);
    expect(unasked.stdout).not.toContain("ran");
  });

  it("exits with 254 and both halves where STS refuses", async () => {
    aws.instead = ({ method }) =>
      method === "POST"
        ? {
            status: 403,
            headers: {},
            body: Buffer.from(
              "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid</Message></Error></ErrorResponse>",
            ),
          }
        : undefined;
    const { code, stdout, stderr } = await run(["export", "--expect-role", "x"], codebuild.uri);
    aws.instead = undefined;
    expect({ code, stdout }).toEqual({ code: 254, stdout: "false\n" });
    expect(stderr).toMatch(
      /^fetch-creds: the endpoint does not name the role, and GetCallerIdentity at http:\/\/127\.0\.0\.1:\d+ answered 403: InvalidClientTokenId: The security token .*\n {2}.*partition/,
    );
  });

  it("exits with 255 and both halves where STS cannot be reached", async () => {
    const { code, stderr } = await run(["verify", "--expect-account", "111111111111"], codebuild.uri, {
      AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
    });
    expect(code).toBe(255);
    expect(stderr).toMatch(
      /^fetch-creds: the endpoint does not name the account, and GetCallerIdentity at http:\/\/127\.0\.0\.1:1 failed: ECONNREFUSED\n {2}.*--endpoint-url-sts/,
    );
  });
});

describe("an endpoint that names another role than STS", () => {
  it.each([
    [["--expect-role", "other"], 1],
    [["--expect-account", "999999999999"], 1],
    [["--expect-role", LIE], 1],
    [["--expect-role", "codebuild-app"], 0],
    [["--expect-account", "123456789012"], 0],
    [[], 0],
  ])("is not believed with --sts: %j exits %i", async (expectation, expected) => {
    aws.forget();
    const { code } = await run(["verify", "--sts", ...expectation], liar.uri);
    expect({ code, asked: callsOf(aws) }).toEqual({ code: expected, asked: 1 });
  });

  it.each([["export"], ["exec", "--", "true"], ["ls", "s3://b"]])(
    "is not believed with --sts by %s either",
    async (verb, ...tail) => {
      for (const [role, expected] of [
        ["other", 1],
        ["codebuild-app", 0],
      ] as const) {
        aws.forget();
        const { code, stderr } = await run([verb, "--sts", "--expect-role", role, ...tail], liar.uri);
        expect({ role, code }).toEqual({ role, code: expected });
        expect(aws.requests[0]?.method).toBe("POST");
        if (expected === 1) expect(stderr).toContain(`STS says ${SESSION}`);
      }
    },
  );

  it("is believed without, and STS is not asked", async () => {
    aws.forget();
    expect((await run(["verify", "--expect-role", "other"], liar.uri)).code).toBe(0);
    const { code, stderr } = await run(["verify", "--expect-role", "codebuild-app"], liar.uri);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fetch-creds: /);
    expect(aws.requests).toEqual([]);
  });

  it("STS's word is shown, and the difference", async () => {
    const { stdout } = await run(["verify", "--sts"], liar.uri);
    expect(stdout).toMatch(new RegExp(`^Role {8}${SESSION}$`, "m"));
    expect(stdout).toMatch(/^Account {5}123456789012$/m);
    expect(stdout).toMatch(new RegExp(`^STS says {4}${SESSION}$`, "m"));
    expect(stdout).toMatch(
      new RegExp(`^Differs {5}the endpoint names the role ${LIE} and the account 999999999999$`, "m"),
    );
    const json = JSON.parse((await run(["verify", "--sts", "--json"], liar.uri)).stdout);
    expect(json).toMatchObject({
      roleArn: SESSION,
      accountId: "123456789012",
      caller: { arn: SESSION, account: "123456789012" },
      from: { roleArn: "sts", accountId: "sts" },
      named: { roleArn: LIE, accountId: "999999999999" },
      differs: true,
    });
  });
});

describe("a file that names a role (x_principal_arn)", () => {
  it("is who tells it, not the endpoint", async () => {
    const issued = keys.issue(Date.now() + 3_600_000);
    const file = folder.at("saml");
    writeFileSync(
      file,
      `[default]\naws_access_key_id = ${issued.accessKeyId}\naws_secret_access_key = ${issued.secretAccessKey}\naws_session_token = ${issued.sessionToken}\nx_principal_arn = ${LIE}\n`,
    );
    const verify = (args: readonly string[]) =>
      runBuilt(["verify", "--credentials-file", file, ...args], { env: { AWS_ENDPOINT_URL: aws.url } });
    expect(JSON.parse((await verify(["--json"])).stdout)).toMatchObject({
      roleArn: LIE,
      from: { roleArn: "file", accountId: "file" },
    });
    const asked = await verify(["--json", "--sts"]);
    expect(JSON.parse(asked.stdout)).toMatchObject({
      from: { roleArn: "sts", accountId: "sts" },
      differs: true,
    });
    expect((await verify(["--sts"])).stdout).toContain(`Differs     the file names the role ${LIE}`);
  });
});

describe("STS is reached as S3 is", () => {
  const asking = (args: readonly string[], env: Record<string, string> = {}) =>
    run(["verify", "--sts", "--endpoint-url-sts", tls.url, ...args], codebuild.uri, env);

  it("a certificate that is not trusted is final, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const calls = callsOf(tls);
    const connections = proxy.tunnels.length;
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0", HTTPS_PROXY: proxy.url };
    const { code, stderr } = await asking([], env);
    expect(code).toBe(255);
    expect(stderr).toMatch(/failed: DEPTH_ZERO_SELF_SIGNED_CERT\n {2}.*--ca-bundle/);
    expect(proxy.tunnels.length - connections).toBe(1);
    expect(callsOf(tls)).toBe(calls);
  });

  const NO_BUNDLE = { AWS_CA_BUNDLE: "/nonexistent" };
  const NO_BUNDLE_ARGS = ["--ca-bundle", "/nonexistent", "--no-verify-ssl"];

  it.each([
    ["--ca-bundle", () => ({ args: ["--ca-bundle", tls.certificateFile], env: {} })],
    ["AWS_CA_BUNDLE", () => ({ args: [], env: { AWS_CA_BUNDLE: tls.certificateFile } })],
    ["--no-verify-ssl", () => ({ args: ["--no-verify-ssl"], env: {} })],
    ["--no-verify-ssl before a bad AWS_CA_BUNDLE", () => ({ args: ["--no-verify-ssl"], env: NO_BUNDLE })],
    ["--no-verify-ssl before a bad --ca-bundle", () => ({ args: [...NO_BUNDLE_ARGS], env: {} })],
  ])("%s", async (_, given) => {
    const { args, env } = given();
    const before = callsOf(tls);
    expect(await asking(args, env)).toMatchObject({ code: 0, stderr: "" });
    expect(callsOf(tls)).toBe(before + 1);
  });

  it("a bundle that cannot be read is a wrong command line", async () => {
    expect(await asking(["--ca-bundle", "/nonexistent"])).toMatchObject({
      code: 252,
      stdout: "",
      stderr: expect.stringMatching(/^fetch-creds: .*\/nonexistent/),
    });
  });

  it("HTTPS_PROXY and NO_PROXY", async () => {
    const trusted = ["--ca-bundle", tls.certificateFile];
    const before = proxy.tunnels.length;
    expect((await asking(trusted, { HTTPS_PROXY: proxy.url })).code).toBe(0);
    expect(proxy.tunnels.slice(before)).toEqual([`127.0.0.1:${tls.port}`]);
    expect((await asking(trusted, { HTTPS_PROXY: proxy.url, NO_PROXY: "127.0.0.1" })).code).toBe(0);
    expect(proxy.tunnels.length).toBe(before + 1);
  });

  it("is asked again when it is busy", async () => {
    let count = 0;
    aws.instead = ({ method }) =>
      method === "POST" && ++count === 1 ? { status: 503, headers: {}, body: Buffer.from("") } : undefined;
    const { code } = await run(["verify", "--sts"], codebuild.uri);
    aws.instead = undefined;
    expect({ code, count }).toEqual({ code: 0, count: 2 });
  });

  it("--cli-read-timeout bounds its silence", async () => {
    let count = 0;
    let go: (answer: undefined) => void = () => undefined;
    const ended = new Promise<undefined>((resolve) => {
      go = resolve;
    });
    // The first is never answered. On a busy machine a later one may take longer than a second as well.
    aws.instead = ({ method }) => (method === "POST" && ++count === 1 ? ended : undefined);
    const { code } = await run(["verify", "--sts", "--cli-read-timeout", "1"], codebuild.uri);
    aws.instead = undefined;
    go(undefined);
    expect(code).toBe(0);
    expect(count).toBeGreaterThan(1);
  });
});

describe("keys that are fetched later", () => {
  it("of another role are never used: a long copy stops", async () => {
    const ring = new KeyRing();
    const first = ring.issue(Date.now() + 3_600_000);
    const other = ring.issue(Date.now() + 3_600_000, "other");
    const bodyOf = (issued: KnownKeys, role: string) =>
      JSON.stringify({
        RoleArn: `arn:aws:iam::123456789012:role/${role}`,
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        Token: issued.sessionToken,
        Expiration: new Date(issued.expiresAt ?? 0).toISOString(),
      });
    const endpoint = await startCredentialEndpoint({
      keys: ring,
      instead: (_, count) => ({
        status: 200,
        body: count > 1 ? bodyOf(other, "other") : bodyOf(first, "codebuild-app"),
      }),
    });
    const server = await startS3Server({ keys: ring, buckets: ["b"] });
    for (let i = 0; i < 30; i++) server.put("b", `many/${i}`, "x");
    // In the middle of the run S3 takes the first keys for expired.
    let copied = 0;
    server.instead = ({ method, key }) => {
      if (method === "GET" && key !== undefined && ++copied === 10) first.expiresAt = Date.now() - 1;
      return undefined;
    };
    const { code, stderr } = await runBuilt(
      ["cp", "s3://b/many", "out", "--recursive", "--no-progress", "--concurrency", "1"].concat([
        ...["--expect-role", "codebuild-app", "--uri", endpoint.uri],
      ]),
      { cwd: folder.path, env: { AWS_ENDPOINT_URL: server.url } },
    );
    const users = new Set(
      server.requests.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? "")?.[1]),
    );
    await Promise.all([endpoint.close(), server.close()]);
    expect({ code, asked: endpoint.requests.length }).toEqual({ code: 1, asked: 2 });
    expect(stderr).toContain("expected the role codebuild-app, found arn:aws:iam::123456789012:role/other");
    expect([...users]).toEqual([first.accessKeyId]);
    expect(copied).toBeLessThan(30);
    expect(readdirSync(folder.at("out"))).toHaveLength(9);
  });
});

describe("what STS answers, and an expectation", () => {
  const ROLE = "arn:aws:sts::111111111111:assumed-role/build/session";
  const answer = (arns: readonly string[], account: string) =>
    `<GetCallerIdentityResponse><GetCallerIdentityResult>${arns.map((arn) => `<Arn>${arn}</Arn>`).join("")}<UserId>U</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

  it.each([
    ["the role of its account", [ROLE], "111111111111", 0],
    ["a role of another account", [ROLE], "222222222222", 254],
    ["a role without a session", ["arn:aws:sts::111111111111:assumed-role/build"], "111111111111", 254],
    ["two roles", [ROLE, ROLE.replace("build", "evil")], "111111111111", 254],
    ["a role of no account", ["arn:aws:iam:::role/build"], "111111111111", 254],
    ["another role", [ROLE.replace("build", "evil")], "111111111111", 1],
    ["a user of that name", ["arn:aws:iam::111111111111:user/build"], "111111111111", 1],
  ] as const)("%s: exit code of exec --expect-role", async (_what, arns, account, expected) => {
    const sts = await startS3Server({ keys });
    let asked = 0;
    sts.instead = () => {
      asked++;
      return { status: 200, headers: {}, body: Buffer.from(answer(arns, account)) };
    };
    const args = ["exec", "--expect-role", "build", "--expect-account", "111111111111", "--", "echo", "ran"];
    const { code, stdout } = await run(args, codebuild.uri, { AWS_ENDPOINT_URL_STS: sts.url });
    await sts.close();
    expect({ code, stdout, asked }).toEqual({
      code: expected,
      stdout: expected === 0 ? "ran\n" : "",
      asked: 1,
    });
  });

  it.each(["arn:aws:iam::111111111111:role/x:role/build", "arn:aws:iam:::role/build"])(
    "an endpoint that names %s names none: STS is asked",
    async (roleArn) => {
      const endpoint = await startCredentialEndpoint({ keys, fields: { RoleArn: roleArn } });
      const { code, stdout, stderr } = await run(
        ["exec", "--expect-role", "build", "--", "echo", "ran"],
        endpoint.uri,
      );
      await endpoint.close();
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain("the endpoint does not name the role, and STS says");
    },
  );
});
