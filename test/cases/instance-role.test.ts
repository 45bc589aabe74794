import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type InstanceMetadata,
  type InstanceMetadataOptions,
  startInstanceMetadata,
} from "../support/instance-metadata/instance-metadata.js";
import { ACCOUNT, KeyRing } from "../support/key-ring.js";
import { type RunOptions, runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const TOKEN = "PUT /latest/api/token";
const ROLES = "GET /latest/meta-data/iam/security-credentials/";
const FETCH = [TOKEN, ROLES, `${ROLES}build-runner`];

const DEPLOY = "arn:aws:iam::210987654321:role/deploy";

const keys = new KeyRing();
let s3: S3Server;
const folder = temporaryFolder();
const opened: InstanceMetadata[] = [];

beforeAll(async () => {
  const trusts = [`arn:aws:iam::${ACCOUNT}:role/codebuild-app`];
  s3 = await startS3Server({ keys, buckets: ["b"], roles: [{ arn: DEPLOY, trusts }] });
  s3.put("b", "k", "hello");
});
afterAll(async () => {
  await Promise.all([s3, ...opened].map((each) => each.close()));
  folder.remove();
});

/** A service of one test alone. */
async function instance(options: InstanceMetadataOptions = {}): Promise<InstanceMetadata> {
  const service = await startInstanceMetadata({ keys, ...options });
  opened.push(service);
  return service;
}

/** Its requests, each once: on a busy machine an answer may come so late that it is asked for again. */
const asked = (service: InstanceMetadata) =>
  service.lines().filter((line, index, lines) => line !== lines[index - 1]);

/** The built file, where the instance's service is that one. */
function run(service: InstanceMetadata, args: readonly string[], { env, ...rest }: RunOptions = {}) {
  return runBuilt(args, {
    cwd: folder.path,
    env: {
      AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url,
      AWS_ENDPOINT_URL: s3.url,
      AWS_REGION: "us-east-1",
      ...env,
    },
    ...rest,
  });
}

describe("--instance-role", () => {
  it("verify says whose keys they are, and no secret", async () => {
    const service = await instance();
    const { code, stdout, stderr } = await run(service, ["verify", "--instance-role"]);
    expect({ code, stderr, lines: asked(service) }).toEqual({ code: 0, stderr: "", lines: FETCH });
    expect(stdout).toContain(`${service.url}/latest/meta-data/iam/security-credentials/`);
    expect(stdout).toMatch(/^Source {6}--instance-role/m);
    const [issued] = service.issued;
    expect(stdout).toContain(issued?.accessKeyId.slice(-4));
    for (const secret of [issued?.secretAccessKey, issued?.sessionToken])
      expect(stdout).not.toContain(secret);
  });

  it("verify --json has its kind", async () => {
    const service = await instance();
    const { stdout } = await run(service, ["verify", "--instance-role", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      source: { kind: "instance", name: "--instance-role", place: "option", address: service.url },
    });
  });

  it("export and exec hand the keys on", async () => {
    const service = await instance();
    const exported = await run(service, ["export", "--instance-role", "--format", "process"]);
    expect(JSON.parse(exported.stdout)).toMatchObject({
      Version: 1,
      AccessKeyId: service.issued.at(-1)?.accessKeyId,
      SessionToken: service.issued.at(-1)?.sessionToken,
    });
    const executed = await run(service, [
      "exec",
      "--instance-role",
      "--",
      process.execPath,
      "-p",
      "process.env.AWS_ACCESS_KEY_ID",
    ]);
    expect(executed).toMatchObject({ code: 0, stdout: `${service.issued.at(-1)?.accessKeyId}\n` });
  });

  it("exec --refreshable says that it cannot", async () => {
    const service = await instance();
    const args = ["exec", "--refreshable", "--instance-role", "--", "true"];
    const { code, stderr } = await run(service, args);
    expect([252, 253]).toContain(code);
    expect(stderr).toMatch(/^fetch-creds: .*refreshable/);
  });

  it("cp copies with them, whatever else is there", async () => {
    const service = await instance();
    const env = {
      AWS_ACCESS_KEY_ID: "AKIAOTHER",
      AWS_SECRET_ACCESS_KEY: "other",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:9/",
    };
    const { code, stderr } = await run(service, ["cp", "--instance-role", "s3://b/k", "copied"], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(readFileSync(folder.at("copied"), "utf8")).toBe("hello");
    expect(asked(service)).toEqual(FETCH);
  });

  it("is what nothing else asks for", async () => {
    const service = await instance();
    for (const args of [["verify"], ["export"], ["exec", "--", "true"], ["cp", "s3://b/k", "x"], ["ls"]]) {
      const { code, stderr } = await run(service, args);
      expect({ code, stderr }).toEqual({
        code: 253,
        stderr: expect.stringMatching(/^fetch-creds: no credential source found/),
      });
    }
    expect(service.requests).toEqual([]);
  });

  it("copies with keys that have expired, as long as S3 takes them", async () => {
    const service = await instance({ lifeMs: -60_000 });
    const run1 = await run(service, ["cp", "--instance-role", "s3://b/k", "-"]);
    // This server compares the time.
    expect(run1.code).not.toBe(0);
    expect(run1.stderr).toMatch(/ExpiredToken|expired/i);
    const [stale] = service.issued;
    if (stale !== undefined) stale.expiresAt = Date.now() + 3_600_000;
    const fixed = await instance({
      fields: {
        AccessKeyId: stale?.accessKeyId,
        SecretAccessKey: stale?.secretAccessKey,
        Token: stale?.sessionToken,
        Expiration: "2020-01-01T00:00:00Z",
      },
    });
    expect(await run(fixed, ["cp", "--instance-role", "s3://b/k", "-"])).toMatchObject({
      code: 0,
      stdout: "hello",
      stderr: expect.stringMatching(
        /^fetch-creds: the instance's keys expired at 2020-01-01T00:00:00Z, [^\n]+\n$/,
      ),
    });
    expect(asked(fixed)).toEqual(FETCH);
    const quiet = await run(fixed, ["cp", "--instance-role", "s3://b/k", "-", "--quiet"]);
    expect(quiet).toMatchObject({ code: 0, stderr: "" });
    const impatient = await run(fixed, ["verify", "--instance-role", "--min-ttl", "1m"]);
    expect(impatient).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/at least 60 s, found 0 ms left/),
    });
  });

  it("shows no token with --debug", async () => {
    const service = await instance();
    const { stderr } = await run(service, ["verify", "--instance-role", "--debug"]);
    const token = service.requests[1]?.headers["x-aws-ec2-metadata-token"];
    expect(token).toMatch(/^[\w-]{54}$/);
    expect(stderr).toContain(`${TOKEN.replace(" ", ` ${service.url}`)}: 200 in`);
    expect(stderr).toContain("the instance's role is build-runner");
    for (const secret of [token, service.issued[0]?.secretAccessKey]) expect(stderr).not.toContain(secret);
  });

  it("says what a hop limit of 1 is, in a line and its fix", async () => {
    const service = await instance({ hopLimit: 1 });
    const { code, stdout, stderr } = await run(service, ["verify", "--instance-role"]);
    expect({ code, stdout, lines: service.lines() }).toEqual({
      code: 255,
      stdout: "",
      lines: [TOKEN, TOKEN],
    });
    expect(stderr).toBe(
      `fetch-creds: ${service.url}/latest/api/token (--instance-role) accepted the connection, but did not answer the request for a token\n` +
        "  with a hop limit of 1 the token does not come as far as a container: aws ec2 modify-instance-metadata-options --instance-id ID --http-put-response-hop-limit 2 (HttpPutResponseHopLimit 2), or docker build --network host\n",
    );
  });

  it.each<[string, InstanceMetadataOptions, number, RegExp]>([
    ["no role is attached", { role: null }, 254, /names no role: none is attached to this instance\n/],
    ["the service is off", { isOff: true }, 254, /answered 403\n.*--http-endpoint enabled/],
    [
      "EC2 may not assume the role",
      { fields: { Code: "AssumeRoleUnauthorizedAccess", Message: "EC2 cannot assume the role." } },
      254,
      /AssumeRoleUnauthorizedAccess: EC2 cannot assume the role\.\n.*ec2\.amazonaws\.com/,
    ],
    ["the token is refused", { tokenUses: 0 }, 254, /answered 401\n {2}the token was refused twice/],
  ])("says it when %s", async (_, options, code, words) => {
    const service = await instance(options);
    const result = await run(service, ["verify", "--instance-role"]);
    expect(result).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(words) });
    expect(service.requests.length).toBeGreaterThan(0);
  });

  it("obeys AWS_EC2_METADATA_DISABLED; with --if-available the step is skipped", async () => {
    const service = await instance();
    const env = { AWS_EC2_METADATA_DISABLED: "True" };
    expect(await run(service, ["verify", "--instance-role"], { env })).toMatchObject({
      code: 253,
      stderr: expect.stringMatching(/^fetch-creds: AWS_EC2_METADATA_DISABLED is true, but --instance-role/),
    });
    expect(await run(service, ["verify", "--instance-role", "--if-available"], { env })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("no credential source is configured"),
    });
    expect(service.requests).toEqual([]);
  });
});

describe("a profile with credential_source = Ec2InstanceMetadata", () => {
  /** A config file of one test alone. */
  function config(name: string, ...lines: readonly string[]): Record<string, string> {
    writeFileSync(folder.at(name), ["[profile deploy]", ...lines, ""].join("\n"));
    return { AWS_CONFIG_FILE: folder.at(name), AWS_PROFILE: "deploy", HOME: folder.path };
  }
  const role = [`role_arn = ${DEPLOY}`, "credential_source = Ec2InstanceMetadata"];

  it("has cp copy as its role, assumed with the instance's keys", async () => {
    const service = await instance();
    const before = s3.requests.length;
    const result = await run(service, ["cp", "s3://b/k", "-"], { env: config("config-role", ...role) });
    expect(result).toMatchObject({ code: 0, stdout: "hello" });
    expect(asked(service)).toEqual(FETCH);
    const signers = s3.requests
      .slice(before)
      .map(({ headers }) => /Credential=([^/]+)/.exec(String(headers.authorization))?.[1]);
    const [base, ...others] = signers.map((id) => keys.find(id ?? ""));
    expect(base?.accessKeyId).toBe(service.issued.at(-1)?.accessKeyId);
    expect(others.length).toBeGreaterThan(0);
    for (const assumed of others)
      expect(assumed?.arn).toMatch(/^arn:aws:sts::210987654321:assumed-role\/deploy\//);
  });

  it("may name the service's address itself", async () => {
    const service = await instance();
    const env = config("config-address", ...role, `ec2_metadata_service_endpoint = ${service.url}/`);
    const result = await run(service, ["cp", "s3://b/k", "-"], {
      env: { ...env, AWS_EC2_METADATA_SERVICE_ENDPOINT: "" },
    });
    expect(result).toMatchObject({ code: 0, stdout: "hello" });
    expect(asked(service)).toEqual(FETCH);
  });

  it("is the error when the instance has none, and no other source is asked", async () => {
    const service = await instance({ role: null });
    const { code, stderr } = await run(service, ["cp", "s3://b/k", "-"], {
      env: config("config-none", ...role),
    });
    expect(code).toBe(254);
    expect(stderr).toMatch(/^fetch-creds: .*profile deploy.* names no role: none is attached/);
  });

  it("--role-arn does the same on top of --instance-role", async () => {
    const service = await instance();
    const args = ["verify", "--instance-role", "--role-arn", DEPLOY, "--json"];
    const { code, stdout } = await run(service, args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      source: { kind: "assumed-role", roleArn: DEPLOY, base: { kind: "instance", name: "--instance-role" } },
    });
  });
});

describe("doctor --instance-role", () => {
  it("looks at the route, the answer and the keys", async () => {
    const service = await instance();
    const { code, stdout } = await run(service, ["doctor", "--instance-role"]);
    expect({ code, lines: asked(service) }).toEqual({ code: 0, lines: FETCH });
    expect(stdout).toMatch(/^ok +source: --instance-role, http:\/\/127\.0\.0\.1:\d+\/latest\//m);
    expect(stdout).toMatch(/^ok +route: http:\/\/127\.0\.0\.1:\d+ has a route/m);
    expect(stdout).toMatch(/^ok +life: /m);
    for (const secret of [service.issued[0]?.secretAccessKey, service.issued[0]?.sessionToken])
      expect(stdout).not.toContain(secret);
  });

  it("says that the keys have expired", async () => {
    const service = await instance({ lifeMs: -60_000 });
    const { stdout } = await run(service, ["doctor", "--instance-role"]);
    expect(stdout).toMatch(/^note +life: expired at \S+Z, and the instance cannot renew them now/m);
  });

  it("has the failure's id, and its fix", async () => {
    const service = await instance({ role: null });
    const { code, stdout } = await run(service, ["doctor", "--instance-role", "--json"]);
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout) as { findings: readonly Record<string, unknown>[] };
    expect(findings).toContainEqual(
      expect.objectContaining({
        subject: "answer",
        id: "instance-no-role",
        fix: expect.stringMatching(/associate-iam-instance-profile/),
      }),
    );
  });
});
