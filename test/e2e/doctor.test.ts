import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
const CAN_UNSHARE = spawnSync("unshare", ["-rn", "true"]).status === 0;

let endpoint: CredentialEndpoint;
let server: S3Server;

beforeAll(async () => {
  endpoint = await startCredentialEndpoint();
  server = await startS3Server({ keys: endpoint.keys, buckets: ["assets"] });
  server.put("assets", "model.bin", "bytes");
});
afterAll(() => Promise.all([endpoint.close(), server.close()]));

const findings = (
  stdout: string,
): { level: string; subject: string; found: string; fix: string | null; id: string | null }[] =>
  JSON.parse(stdout).findings;

describe("fetch-creds.js doctor with a role that may do little", () => {
  const DENIED = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
  const doctor = async (allowed: RegExp, uri: string) => {
    const small = await startS3Server({ keys: endpoint.keys, buckets: ["assets"] });
    small.put("assets", "model.bin", "bytes");
    small.instead = ({ method, operation }) =>
      allowed.test(operation)
        ? undefined
        : { status: 403, headers: {}, body: Buffer.from(method === "HEAD" ? "" : DENIED) };
    try {
      const env = { [FULL_URI]: endpoint.uri, AWS_REGION: "us-east-1" };
      return await runBuilt(["doctor", uri, "--endpoint-url", small.url], { env });
    } finally {
      await small.close();
    }
  };

  it("finds nothing to fix where it may get the object that is named", async () => {
    const { code, stdout, stderr } = await doctor(/^(Get|Head)Object$/, "s3://assets/model.bin");
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("note  list: s3://assets/model.bin may not be listed\n");
    expect(stdout).toContain("ok    read: s3://assets/model.bin, 5 bytes\n");
    expect(stdout).toMatch(/\nNothing to fix\.\n$/);
  });

  it("says both meanings of 403, once, where it may do nothing", async () => {
    const { code, stdout } = await doctor(/^$/, "s3://assets/model.bin");
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nOne thing to fix\.\n$/);
    expect(stdout).toMatch(
      /\nFIX {3}read: .*\n +The role or user needs s3:GetObject on arn:aws:s3:::assets\/model\.bin, or the key does not exist/,
    );
  });

  it("wants the listing of a folder, once", async () => {
    const { code, stdout } = await doctor(/^(Get|Head)Object$/, "s3://assets/d/");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\nFIX {3}list: .*\n +The role or user needs s3:ListBucket on arn:aws:s3:::assets, /,
    );
    expect(stdout).toMatch(/\nOne thing to fix\.\n$/);
    expect(stdout).not.toContain("read:");
  });
});

describe("what doctor says of the keys that were refused", () => {
  const role = "arn:aws:iam::210987654321:role/reader";
  it.each<[string, readonly string[], RegExp]>([
    [
      "the container's",
      [],
      / The keys come from AWS_CONTAINER_CREDENTIALS_FULL_URI [^\n]*\. `verify --sts` shows which role they belong to\.$/m,
    ],
    [
      "those of --role-arn",
      ["--role-arn", role],
      new RegExp(` The keys come from ${role}, by --role-arn, [^\n\`]*\\.$`, "m"),
    ],
    ["those of --uri", ["--uri", "URI"], / The keys come from --uri, [^\n`]*\.$/m],
  ])("%s: no command that shows another role", async (_, args, says) => {
    const roles = [{ arn: role, trusts: ["arn:aws:iam::123456789012:role/codebuild-app"] }];
    const small = await startS3Server({ keys: endpoint.keys, buckets: ["assets"], roles });
    small.instead = ({ method }) =>
      method === "POST"
        ? undefined
        : { status: 403, headers: {}, body: Buffer.from("<Error><Code>AccessDenied</Code></Error>") };
    const urls = ["--endpoint-url", small.url, "--endpoint-url-sts", small.url];
    try {
      const { stdout } = await runBuilt(
        [
          "doctor",
          "s3://assets/model.bin",
          ...urls,
          ...args.map((arg) => (arg === "URI" ? endpoint.uri : arg)),
        ],
        { env: { [FULL_URI]: endpoint.uri, AWS_REGION: "us-east-1" } },
      );
      expect(stdout).toMatch(says);
    } finally {
      await small.close();
    }
  });
});

describe.concurrent("fetch-creds.js doctor", () => {
  it("finds nothing to fix where all is well", async () => {
    const env = { [FULL_URI]: endpoint.uri, AWS_REGION: "us-east-1" };
    const { code, stdout, stderr } = await runBuilt(["doctor"], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^ok {4}role: arn:aws:iam::/m);
    expect(stdout).toMatch(/^ok {4}route: .* has a route, from 127\.0\.0\.1$/m);
    expect(stdout).toMatch(/Nothing to fix\.\n$/);
  });

  it.skipIf(!CAN_UNSHARE)("says that no route leads there, in a step without a network", async () => {
    const { code, stdout } = await runBuilt(["doctor", "--json", "--timeout", "1"], {
      env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials/x" },
      node: "unshare",
      nodeOptions: ["-rn", NODE],
    });
    expect(code).toBe(1);
    expect(findings(stdout)).toContainEqual({
      level: "fix",
      subject: "route",
      found: "there is no way to http://169.254.170.2 (ENETUNREACH)",
      fix: expect.stringContaining("--network none"),
      id: null,
    });
    expect(findings(stdout)).toContainEqual(
      expect.objectContaining({ level: "note", subject: "answer", fix: "See route above." }),
    );
    expect(findings(stdout).filter(({ level }) => level === "fix")).toHaveLength(1);
  });

  it("says how to pass the variable in when there is none, and exits 1", async () => {
    const { code, stdout } = await runBuilt(["doctor"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FIX {3}source: no credential source/m);
    expect(stdout).toContain("--secret id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    expect(stdout).toMatch(/One thing to fix\.\n$/);
  });

  it("--json", async () => {
    const { code, stdout } = await runBuilt(["doctor", "--json"], {
      env: { [FULL_URI]: `"${endpoint.uri}"` },
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).ok).toBe(false);
    expect(findings(stdout)).toContainEqual({
      level: "fix",
      subject: FULL_URI,
      found: "has quotes around it",
      fix: expect.stringContaining("Drop them"),
      id: null,
    });
  });

  it("tries to list and read in S3", async () => {
    const args = ["doctor", "s3://assets/model.bin", "--json", "--endpoint-url", server.url];
    const { code, stdout, stderr } = await runBuilt(args, { env: { [FULL_URI]: endpoint.uri } });
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: "" });
    expect(findings(stdout).slice(-2)).toEqual([
      { level: "ok", subject: "list", found: "s3://assets/model.bin may be listed", fix: null, id: null },
      { level: "ok", subject: "read", found: "s3://assets/model.bin, 5 bytes", fix: null, id: null },
    ]);
  });

  it("counts a variable that is wrong, and the source that it spoils, once", async () => {
    for (const [uri, env] of [
      [`"${endpoint.uri}"`, {}],
      [endpoint.uri, { AWS_REGION: "no region" }],
    ] as const) {
      const args = ["doctor", "s3://assets/model.bin", "--endpoint-url", server.url];
      const { code, stdout } = await runBuilt(args, { env: { [FULL_URI]: uri, ...env } });
      expect(code).toBe(1);
      expect(stdout).toMatch(/\nOne thing to fix\.\n$/);
      expect(stdout.match(/^FIX/gm)).toHaveLength(1);
    }
  });

  it.each<[string, string, Record<string, string>]>([
    ["bad-addressing-style", "[default]\ns3 =\n  addressing_style = dns\n", {}],
    ["accelerate-unusable", "[default]\ns3 =\n  use_accelerate_endpoint = true\n", {}],
    ["accelerate-unusable", "", { AWS_ENDPOINT_URL_S3: "https://s3-accelerate.amazonaws.com" }],
    ["endpoint-unusable", "", { AWS_ENDPOINT_URL_S3: "nowhere" }],
  ])("finds what S3 cannot be asked with: %s, %j %j", async (id, config, env) => {
    const folder = temporaryFolder();
    try {
      writeFileSync(folder.at("config"), config);
      const { code, stdout, stderr } = await runBuilt(["doctor", "s3://assets/model.bin", "--json"], {
        env: {
          [FULL_URI]: endpoint.uri,
          AWS_CONFIG_FILE: folder.at("config"),
          AWS_REGION: "us-east-1",
          ...env,
        },
      });
      expect({ code, stderr }, stdout).toEqual({ code: 1, stderr: "" });
      expect(findings(stdout).filter(({ level }) => level === "fix")).toEqual([
        expect.objectContaining({ subject: "S3", id }),
      ]);
      expect(findings(stdout).filter(({ subject }) => subject === "answer")).toHaveLength(1);
    } finally {
      folder.remove();
    }
  });

  it("takes an endpoint that is none for a wrong command line", async () => {
    const args = ["doctor", "s3://assets/model.bin", "--endpoint-url", "nowhere"];
    const { code, stdout } = await runBuilt(args, {
      env: { [FULL_URI]: endpoint.uri, AWS_REGION: "us-east-1" },
    });
    expect({ code, stdout }).toEqual({ code: 252, stdout: "" });
  });

  it("says what S3 refused", async () => {
    const args = ["doctor", "s3://nowhere/x", "--json", "--endpoint-url", server.url];
    const { code, stdout } = await runBuilt(args, { env: { [FULL_URI]: endpoint.uri } });
    expect(code).toBe(1);
    expect(
      findings(stdout)
        .slice(-2)
        .map(({ level, subject }) => `${level} ${subject}`),
    ).toEqual(["note list", "fix read"]);
    expect(
      findings(stdout)
        .slice(-2)
        .map(({ id }) => id),
    ).toEqual(["s3-no-such-bucket", "s3-no-such-bucket"]);
  });
});
