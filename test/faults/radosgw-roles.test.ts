import { writeFileSync } from "node:fs";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allowBuckets, type Radosgw, startRadosgw, trusting } from "../support/radosgw.js";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { startTokenIssuer, type TokenIssuer } from "../support/token-issuer.js";

const AUDIENCE = "sts.amazonaws.com";
const folder = temporaryFolder();
let radosgw: Radosgw;
let issuer: TokenIssuer;
/** A role that may read one of the owner's two buckets. */
let deploy: string;
let web: string;

const mayRead = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:ListBucket"],
      Resource: ["arn:aws:s3:::shared", "arn:aws:s3:::shared/*"],
    },
  ],
};

beforeAll(async () => {
  [radosgw, issuer] = await Promise.all([startRadosgw(), startTokenIssuer(AUDIENCE)]);
  const { accessKey: accessKeyId, secretKey: secretAccessKey, url: endpoint } = radosgw;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });
  for (const Bucket of ["shared", "private"]) {
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: `of ${Bucket}` }));
  }
  client.destroy();
  deploy = await radosgw.makeRole("deploy", { access: mayRead });
  const provider = await radosgw.trustIssuer(issuer.url, AUDIENCE);
  const host = issuer.url.replace("http://", "");
  const condition = { StringEquals: { [`${host}:aud`]: AUDIENCE, [`${host}:sub`]: "repo:o/r" } };
  web = await radosgw.makeRole("web", {
    access: allowBuckets("shared"),
    trust: trusting({ Federated: [provider] }, "sts:AssumeRoleWithWebIdentity", condition),
  });
});

afterAll(async () => {
  await Promise.all([radosgw?.close(), issuer?.close()]);
  folder.remove();
});

const keysOf = (accessKey: string, secretKey: string) => ({
  AWS_ACCESS_KEY_ID: accessKey,
  AWS_SECRET_ACCESS_KEY: secretKey,
});
const owner = () => keysOf(radosgw.accessKey, radosgw.secretKey);

const run = (args: readonly string[], env: Readonly<Record<string, string>> = owner()) =>
  runBuilt(args, {
    env: { AWS_REGION: "us-east-1", AWS_ENDPOINT_URL: radosgw.url, ...env },
    cwd: folder.path,
  });

describe("a real STS' AssumeRole", () => {
  it("gives keys that S3 takes for what the role may, and for nothing else", async () => {
    const role = ["--role-arn", deploy];
    expect(await run(["cp", "s3://shared/k", "-", ...role])).toMatchObject({ code: 0, stdout: "of shared" });
    const denied = await run(["cp", "s3://private/k", "-", ...role]);
    expect(denied).toMatchObject({ code: 1, stdout: "" });
    expect(denied.stderr).toMatch(/403|AccessDenied|Forbidden/);
    writeFileSync(folder.at("f"), "x");
    expect(await run(["cp", "f", "s3://shared/f", ...role])).toMatchObject({ code: 1 });
    // The owner, whose keys these are, may do all of it.
    expect(await run(["cp", "s3://private/k", "-"])).toMatchObject({ code: 0, stdout: "of private" });
    expect(await run(["cp", "f", "s3://shared/f"])).toMatchObject({ code: 0 });
  });

  it("may have a path", async () => {
    const role = await radosgw.makeRole("reader", { access: mayRead, path: "/team/a/" });
    expect(role).toBe("arn:aws:iam:::role/team/a/reader");
    const result = await run(["cp", "s3://shared/k", "-", "--role-arn", role]);
    expect(result).toMatchObject({ code: 0, stdout: "of shared", stderr: "" });
  });

  it("has its duration", async () => {
    const file = folder.at("owner.json");
    writeFileSync(
      file,
      JSON.stringify({ AccessKeyId: radosgw.accessKey, SecretAccessKey: radosgw.secretKey }),
    );
    const lengths = ["15m", "1h"].map(async (duration) => {
      const args = ["verify", "--json", "--credentials-file", file, "--role-arn", deploy];
      const { code, stdout, stderr } = await run([...args, "--duration", duration], {});
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return JSON.parse(stdout).secondsLeft as number;
    });
    const [short = 0, long = 0] = await Promise.all(lengths);
    expect(short).toBeGreaterThan(0);
    expect(short).toBeLessThanOrEqual(900);
    expect(long).toBeGreaterThan(900);
    expect(long).toBeLessThanOrEqual(3600);
  });

  it.each([
    ["another user", async () => radosgw.createUser("stranger")],
    ["a wrong secret", async () => ({ accessKey: radosgw.accessKey, secretKey: "wrong" })],
  ])("refuses %s", async (_who, keys) => {
    const { accessKey, secretKey } = await keys();
    const refused = await run(
      ["cp", "s3://shared/k", "-", "--role-arn", deploy],
      keysOf(accessKey, secretKey),
    );
    expect(refused).toMatchObject({ code: 254, stdout: "" });
    expect(refused.stderr).toMatch(
      /^fetch-creds: whoever has the keys of AWS_ACCESS_KEY_ID \(environment variable\) may not assume arn:aws:iam:::role\/deploy \(--role-arn\): AssumeRole at http:\/\/127\.0\.0\.1:\d+ answered 403: AccessDenied/,
    );
  });

  it("has no role of that name", async () => {
    const refused = await run(["ls", "s3://shared", "--role-arn", "arn:aws:iam:::role/nobody"]);
    expect(refused).toMatchObject({ code: 254, stdout: "" });
    expect(refused.stderr).toContain("answered 404: NoSuchEntity");
    expect(refused.stderr).toContain("there is no such role");
  });
});

describe("a real STS' AssumeRoleWithWebIdentity", () => {
  let tokens = 0;
  const identity = (token: string) => {
    const file = folder.at(`token-${++tokens}`);
    writeFileSync(file, `${token}\n`);
    return { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: web };
  };
  const args = ["cp", "s3://shared/k", "-", "--web-identity"];

  it("takes a token of the issuer, and gives keys that S3 takes", async () => {
    const asked = issuer.requests.length;
    expect(await run(args, identity(issuer.token()))).toMatchObject({ code: 0, stdout: "of shared" });
    expect(issuer.requests.slice(asked)).toContain("/keys");
    expect(await run(["ls", "s3://private", "--web-identity"], identity(issuer.token()))).toMatchObject({
      code: 254,
    });
  });

  it.each([
    ["another subject", () => issuer.token({ sub: "repo:o/other" })],
    ["another audience", () => issuer.token({ aud: "other" })],
    ["its time over", () => issuer.token({ exp: 1 })],
    ["another issuer", () => issuer.token({ iss: "http://127.0.0.1:1" })],
    ["a broken signature", () => `${issuer.token().slice(0, -12)}AAAAAAAAAAAA`],
  ])("refuses a token with %s", async (_what, token) => {
    const given = token();
    const refused = await run(args, identity(given));
    expect(refused).toMatchObject({ code: 254, stdout: "" });
    expect(refused.stderr).toMatch(
      /^fetch-creds: the token in .* is not trusted for arn:aws:iam:::role\/web: /,
    );
    expect(refused.stderr).not.toContain(given.slice(-12));
  });
});
