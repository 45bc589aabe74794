import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { Invocation } from "../../../src/cli/invocation.js";
import { Run } from "../../../src/cli/run.js";
import { obtainSource, withAccount } from "../../../src/commands/obtain-credentials.js";
import { openProvider } from "../../../src/commands/open-provider.js";
import { credentialOptions } from "../../../src/commands/options/credential-options.js";
import { verifyVerb } from "../../../src/commands/verify.js";
import type { Context } from "../../../src/context.js";
import { sourceWords } from "../../../src/output/source-words.js";
import { answeringServer } from "../../support/answering-server.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { testContext } from "../../support/test-context.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const KEYS = {
  AccessKeyId: "ASIAEXAMPLEEXAMPLE12",
  SecretAccessKey: "a-secret-of-our-own",
  SessionToken: "a-token-of-our-own",
};
const file = folder.at("keys.json");
writeFileSync(file, JSON.stringify(KEYS));

const invocation = (options: Record<string, string | undefined>, verb = "cp") =>
  new Invocation(
    verb,
    Object.entries(options).map(([name, value]) => (value === undefined ? { name } : { name, value })),
    [],
  );

const sourceOf = async (
  options: Record<string, string | undefined>,
  context: Context,
  purpose: "role" | "s3" = "role",
) => obtainSource(await credentialOptions(invocation(options), context), context, purpose);

describe("obtainSource", () => {
  it("is final about durations that are none, even when no source is there", async () => {
    for (const name of ["timeout", "min-ttl"])
      await expect(
        credentialOptions(invocation({ [name]: "x", "if-available": undefined }), testContext()),
      ).rejects.toThrow(expect.objectContaining({ id: "bad-duration", exitCode: 252 }));
  });

  it("fails with 253 when nothing is configured, unless that may be", async () => {
    await expect(sourceOf({}, testContext())).rejects.toThrow(
      expect.objectContaining({ id: "no-source", exitCode: 253 }),
    );
    expect(await sourceOf({ "if-available": undefined }, testContext())).toBeUndefined();
  });

  it("takes keys from the environment for S3 alone", async () => {
    const context = testContext({ AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" });
    expect((await sourceOf({}, context, "s3"))?.description.kind).toBe("environment-keys");
    await expect(sourceOf({}, context)).rejects.toThrow(expect.objectContaining({ exitCode: 253 }));
  });

  it("names the source in --debug", async () => {
    const context = testContext();
    await sourceOf({ "credentials-file": file }, context);
    expect(context.steps).toEqual([`credentials from --credentials-file, ${file}`]);
  });
});

describe("the account of the keys", () => {
  const credentials = { accessKeyId: "A", secretAccessKey: "S", accountId: "111111111111" };

  it("is STS's word where it was asked, whatever the endpoint says", () => {
    const caller = { arn: "arn:aws:iam::222222222222:user/x", account: "222222222222", userId: "U" };
    const asked = { caller, source: "the endpoint" };
    expect(withAccount({ credentials, asked })).toEqual({ ...credentials, accountId: "222222222222" });
    expect(withAccount({ credentials, asked: undefined })).toEqual(credentials);
  });
});

describe("sourceWords", () => {
  it.each([
    [
      { kind: "container", name: "--uri", place: "option", address: "http://h", path: "/x" },
      "--uri, http://h/x",
    ],
    [
      { kind: "container", name: "VARIABLE", place: "environment", address: "http://h", path: "/x" },
      "VARIABLE (environment variable), http://h/x",
    ],
    [{ kind: "credentials-file", name: "/f", place: "file", path: "/f" }, "/f"],
    [
      { kind: "environment-keys", name: "AWS_ACCESS_KEY_ID", place: "environment" },
      "AWS_ACCESS_KEY_ID (environment variable)",
    ],
  ] as const)("%j: %s", (description, words) => {
    expect(sourceWords(description)).toBe(words);
  });
});

describe("openProvider", () => {
  const open = async (options: Record<string, string | undefined>, context = testContext()) =>
    openProvider(await credentialOptions(invocation(options), context), "cp", context);

  it("asks once at the start and then from memory", async () => {
    const opened = await open({ "credentials-file": file });
    expect(opened?.description.kind).toBe("credentials-file");
    expect(await opened?.provider.get()).toMatchObject({ accessKeyId: KEYS.AccessKeyId });
  });

  it("checks what must hold before anything is done", async () => {
    await expect(open({ "credentials-file": file, "min-ttl": "1h" })).rejects.toThrow(
      expect.objectContaining({ id: "too-little-time", exitCode: 1 }),
    );
  });

  it("says in one line that there is nothing to do", async () => {
    const context = testContext();
    expect(await open({ "if-available": undefined }, context)).toBeUndefined();
    expect(context.stderr.text).toBe(
      "fetch-creds: no credential source is configured, cp does nothing (--if-available)\n",
    );
  });
});

const ran = async (argv: string[], env: Record<string, string> = {}, secretsFolder = "/proc/nowhere") => {
  const context = testContext(env, { secretsFolder });
  const code = await new Run(argv, context).toItsEnd();
  return { code, stdout: context.stdout.text, stderr: context.stderr.text };
};

describe("verify", () => {
  it("reads a secret file", async () => {
    mkdirSync(folder.at("secrets"));
    writeFileSync(folder.at("secrets", "aws-credentials"), JSON.stringify(KEYS));
    const { code, stdout } = await ran(["verify"], {}, folder.at("secrets"));
    expect(code).toBe(0);
    expect(stdout).toContain("Source      aws-credentials (secret file)");
  });

  it("has nothing raw to show of a file", async () => {
    const { code, stderr } = await ran(["verify", "--raw", "--credentials-file", file]);
    expect({ code, stderr }).toMatchObject({
      code: 253,
      stderr: expect.stringContaining("endpoint's response"),
    });
  });

  it.each(["json", "sts"])("takes no --%s with --raw", async (other) => {
    const { code, stderr } = await ran(["verify", "--raw", `--${other}`, "--credentials-file", file]);
    expect(code).toBe(252);
    expect(stderr).toMatch(new RegExp(`^\\S+ --raw and --${other} `));
  });

  it("says that there is nothing to do, with --json in JSON", async () => {
    expect(await ran(["verify", "--if-available"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "fetch-creds: no credential source is configured, verify does nothing (--if-available)\n",
    });
    const { code, stdout, stderr } = await ran(["verify", "--if-available", "--json"]);
    expect({ code, told: JSON.parse(stdout), stderr }).toEqual({
      code: 0,
      told: { available: false },
      stderr: "",
    });
  });

  it("shows the role without a region that cannot be read, and says so", async () => {
    mkdirSync(folder.at("unread", "AWS_REGION"), { recursive: true });
    const { code, stdout, stderr } = await ran(
      ["verify", "--json", "--credentials-file", file],
      {},
      folder.at("unread"),
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ accessKeyId: expect.stringMatching(/LE12$/), region: null });
    expect(stderr).toContain(folder.at("unread", "AWS_REGION"));
  });

  it("reports a fault of ours where it looks for the region as what it is", async () => {
    const bug = new TypeError("a bug");
    const env = {
      get AWS_REGION(): string {
        throw bug;
      },
    };
    const asked = verifyVerb.run(invocation({ "credentials-file": file }, "verify"), testContext(env));
    await expect(asked).rejects.toBe(bug);
  });

  it("prints the endpoint's response with --raw, and nothing else", async () => {
    const text = `${JSON.stringify({ ...KEYS, SessionToken: undefined, Token: "a-token" })} \n`;
    const { url } = await answeringServer([200, text]);
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: url };
    expect(await ran(["verify", "--raw"], env)).toEqual({ code: 0, stdout: text, stderr: "" });
  });

  it.each([
    ["Token", /^(?!Session)/],
    ["SessionToken", /^Session {5}no session token: the response has SessionToken where Token belongs/m],
  ])("says why there is no session token where the endpoint sends it as %s", async (name, words) => {
    const { AccessKeyId, SecretAccessKey } = KEYS;
    const text = JSON.stringify({ AccessKeyId, SecretAccessKey, [name]: "a-token" });
    const { url } = await answeringServer([200, text]);
    const { code, stdout } = await ran(["verify"], { AWS_CONTAINER_CREDENTIALS_FULL_URI: url });
    expect(code).toBe(0);
    expect(stdout).toMatch(words);
  });

  it.each([
    ["111111111111", false],
    ["222222222222", true],
  ])("says whether STS names another account than the file: %s, %s", async (account, differs) => {
    const named = folder.at(`named-${account}.json`);
    writeFileSync(named, JSON.stringify({ ...KEYS, AccountId: "111111111111" }));
    const { url } = await answeringServer([
      200,
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/x</Arn><UserId>U</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    ]);
    const args = ["verify", "--json", "--credentials-file", named];
    expect(JSON.parse((await ran(args)).stdout)).toMatchObject({ caller: null, differs: null });
    const { stdout } = await ran([...args, "--sts", "--endpoint-url-sts", url]);
    expect(JSON.parse(stdout)).toMatchObject({ caller: { account }, differs });
  });

  it.each(["nonsense", "ftp://x", "http://", "http://["])("refuses to ask STS at %s", async (url) => {
    const { code } = await ran(["verify", "--sts", "--endpoint-url-sts", url, "--credentials-file", file]);
    expect(code).toBe(252);
  });

  it("refuses to make a host name of what is no region", async () => {
    const { code, stderr } = await ran(["verify", "--sts", "--credentials-file", file], {
      AWS_REGION: "evil.example/",
    });
    expect({ code, stderr }).toMatchObject({
      code: 252,
      stderr: expect.stringContaining("is not a valid region"),
    });
  });
});

describe("export", () => {
  it("prints, or writes and prints nothing", async () => {
    const args = ["export", "--credentials-file", file, "--format", "process"];
    expect(JSON.parse((await ran(args)).stdout)).toMatchObject({ Version: 1, ...KEYS });
    expect((await ran([...args, "--output", folder.at("out")])).stdout).toBe("");
    expect(JSON.parse(readFileSync(folder.at("out"), "utf8"))).toMatchObject(KEYS);
  });

  it.each([
    [["--format=powershell", "--output"], "throw 'fetch-creds: no credentials'\n"],
    [["--format", "powershell", "--format", "fish", "--x"], "false\n"],
    [["--format", "nonsense"], "false\n"],
    [["--format"], "false\n"],
    [["--x", "--", "--format", "ini"], "false\n"],
    [["--output=f", "--x"], ""],
  ])("%j fails with %j on stdout", async (args, stdout) => {
    expect(await ran(["export", ...args])).toMatchObject({ code: 252, stdout });
  });
});
