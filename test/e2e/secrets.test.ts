import { randomBytes, randomInt, randomUUID } from "node:crypto";
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
const AUTHORIZATION_TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/** Printable ASCII, with all that encodings change. */
function randomText(length: number): string {
  return Array.from({ length }, () => String.fromCharCode(randomInt(0x21, 0x7f))).join("");
}

interface Secrets {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly authorization: string;
  readonly id: string;
}

/** How servers of other languages write it. */
const OTHER_FORMS: readonly ((secret: string) => string)[] = [
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(secret).replaceAll("%2F", "/"),
  (secret) => encodeURI(secret).replace(/%../, (code) => code.toLowerCase()),
  (secret) => encodeURIComponent(encodeURIComponent(secret)),
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/"),
  (secret) => Buffer.from(secret).toString("hex"),
];

/** Every way in which a secret could stand in an output. */
function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]).toString("base64");
    return whole.slice(4, -4);
  });
  return [
    secret,
    ...OTHER_FORMS.map((form) => form(secret)),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
    // A line cut short must not show the beginning of one.
    secret.slice(0, 12),
  ];
}

/** What it was given, or gave, as a careless server would send it back. */
function echo(...known: readonly string[]): string {
  return known
    .flatMap((secret) => [
      secret,
      ...OTHER_FORMS.map((form) => form(secret)),
      Buffer.from(secret).toString("base64"),
    ])
    .join(" ");
}

const xml = (text: string) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

const folder = temporaryFolder();
let server: S3Server;
let endpoint: CredentialEndpoint;
let secrets: Secrets;
/** What the endpoint does, told by the last letters of the path that is asked for. */
let answers: Readonly<
  Record<string, () => { status: number; body: string; headers?: Record<string, string> }>
>;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["assets"] });
  server.instead = () => ({
    status: 403,
    headers: { "content-type": "application/xml" },
    body: Buffer.from(
      `<Error><Code>Denied</Code><Message>${xml(echo(secrets.secretAccessKey, secrets.sessionToken))}</Message></Error>`,
    ),
  });
  secrets = {
    secretAccessKey: randomText(40),
    // It looks like an encoding itself.
    sessionToken: `${randomText(randomInt(20, 200))}%5\\x88P&amp;\\u0041%41${randomText(12)}`,
    // What begins with `$name` doctor takes for a variable that nobody expanded.
    authorization: `t${randomText(29)}`,
    id: `${randomUUID()}-${randomBytes(6).toString("hex")}`,
  };
  const keys = () => ({
    RoleArn: "arn:aws:iam::123456789012:role/app",
    AccessKeyId: "ASIAEXAMPLEEXAMPLE12",
    SecretAccessKey: secrets.secretAccessKey,
    Token: secrets.sessionToken,
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const asked = () => echo(secrets.id, secrets.authorization);
  answers = {
    good: () => ({ status: 200, body: JSON.stringify(keys()) }),
    stale: () => ({
      status: 400,
      body: JSON.stringify({ code: "InvalidIdInRequest", message: asked() }),
    }),
    forbidden: () => ({ status: 403, body: asked(), headers: { "content-type": "text/plain" } }),
    moved: () => ({
      status: 302,
      body: "",
      headers: { location: `http://127.0.0.1:1/${encodeURIComponent(asked())}` },
    }),
    torn: () => ({ status: 200, body: JSON.stringify(keys()).slice(0, -20) }),
    coded: () => ({
      status: 200,
      body: JSON.stringify({ ...keys(), Code: "Failed", Message: asked() }),
    }),
    expired: () => ({ status: 200, body: JSON.stringify({ ...keys(), Expiration: "2020-01-01T00:00:00Z" }) }),
    dateless: () => ({ status: 200, body: JSON.stringify({ ...keys(), Expiration: secrets.sessionToken }) }),
    broken: () => ({ status: 500, body: asked() }),
    page: () => ({
      status: 200,
      body: `<html>${asked()}</html>`,
      headers: { "content-type": "text/html" },
    }),
  };
  endpoint = await startCredentialEndpoint({
    instead: ({ path }) => answers[path.split("/").at(-1) ?? ""]?.(),
  });
});
afterAll(async () => {
  await Promise.all([endpoint.close(), server.close()]);
  folder.remove();
});

/** The endpoint that behaves so, with the id in its path and the token demanded. */
const asking = (behaviour: string) => ({
  [FULL_URI]: `${endpoint.url}/${secrets.id}/${behaviour}`,
  [AUTHORIZATION_TOKEN]: secrets.authorization,
});

const S3 = () => ["--endpoint-url", server.url, "--region", "us-east-1"];

interface Case {
  readonly args: () => string[];
  readonly env?: () => Record<string, string>;
  readonly code: number;
  /** What is said without `--debug`: its first line, of standard output where there is one. */
  readonly says: RegExp;
  /** Whether something that had to be concealed came back, and stands there as stars. */
  readonly stars?: true;
}

const verifying = (behaviour: string, code: number, says: RegExp, stars?: true): Case => ({
  // Longer than all tries take: at its end the failure would be another one.
  args: () => ["verify", "--timeout", "40s"],
  env: () => asking(behaviour),
  code,
  says,
  ...(stars && { stars }),
});

/** What S3 refuses, saying the secrets. */
const refused = (
  args: () => string[],
  code: number,
  says: RegExp,
  env: () => Record<string, string> = () => asking("good"),
): Case => ({
  args: () => [...args(), ...S3()],
  env,
  code,
  says,
  stars: true,
});

const good = (args: () => string[], code: number, says: RegExp): Case => ({
  args,
  env: () => asking("good"),
  code,
  says,
});

const CASES: readonly Case[] = [
  { ...good(() => ["verify"], 0, /^Role +arn:aws:iam::123456789012:role\/app$/), stars: true },
  { ...good(() => ["verify", "--json"], 0, /^\{$/), stars: true },
  good(() => ["verify", "--expect-role", "other"], 1, /^fetch-creds: expected the role other, found arn:/),
  {
    ...good(
      () => ["verify", "--sts", "--endpoint-url-sts", server.url],
      254,
      /GetCallerIdentity .* 403: Denied/,
    ),
    stars: true,
  },
  {
    ...good(
      () => [
        ...["verify", "--role-arn", "arn:aws:iam::123456789012:role/other"],
        ...["--external-id", secrets.id, "--endpoint-url-sts", server.url],
      ],
      254,
      /^fetch-creds: .* may not assume .*AssumeRole .* 403: |^fetch-creds: AssumeRole .* 403: Denied/,
    ),
    stars: true,
  },
  verifying("stale", 254, /answered 400: InvalidIdInRequest: .*\*\*\*/, true),
  verifying("forbidden", 254, /answered 403: .*\*\*\*/, true),
  verifying("moved", 254, /answered 302$/),
  verifying("coded", 254, /answered 200 with the error Failed: .*\*\*\*/, true),
  verifying("dateless", 254, /Expiration is not an RFC 3339 date with a zone$/),
  verifying("expired", 254, /answered credentials that expired at 2020/),
  verifying("torn", 254, /answered 200, but its body is not JSON$/),
  verifying("broken", 254, /answered 500: .*\*\*\*/, true),
  verifying("page", 254, /an HTML page instead of JSON$/),
  good(() => ["doctor"], 0, /^(?:ok|note) +AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: not set$/),
  refused(
    () => ["doctor", "s3://assets/x"],
    1,
    /^(?:ok|note) +AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: not set$/,
  ),
  { args: () => ["doctor", "--json"], env: () => asking("stale"), code: 1, says: /^\{$/, stars: true },
  good(() => ["export", "--output", "/no/such/folder/x"], 255, /^fetch-creds: cannot write \/no\/such/),
  good(() => ["export", "--format", "ini", "--ini-section", "a]b"], 252, /--ini-section must be a name/),
  {
    args: () => ["export", "--format", "process"],
    env: () => asking("forbidden"),
    code: 254,
    says: /answered 403: .*\*\*\*/,
    stars: true,
  },
  good(
    () => ["exec", "--", "/no/such/command"],
    127,
    /^fetch-creds: \/no\/such\/command: command not found$/,
  ),
  good(() => ["exec", "--", "echo", "ran"], 0, /^ran$/),
  good(() => ["exec", "--refreshable", "--", "echo", "ran"], 0, /^ran$/),
  refused(() => ["cp", "s3://assets/x", folder.at("x")], 1, /^download failed: .*\(Denied\).*\*\*\*/),
  refused(() => ["cp", import.meta.filename, "s3://assets/x"], 1, /^upload failed: .*\(Denied\).*\*\*\*/),
  refused(() => ["sync", "s3://assets/x", folder.at("tree")], 1, /\(Denied\).*ListObjectsV2.*\*\*\*/),
  refused(() => ["ls", "s3://assets/x"], 254, /\(Denied\).*ListObjectsV2.*\*\*\*/),
  refused(() => ["cache-key", "s3://assets/x"], 254, /\(Denied\).*HeadObject.*\*\*\*/),
  refused(
    () => ["ls", "s3://assets/x"],
    254,
    /\(Denied\).*ListObjectsV2.*\*\*\*/,
    () => ({
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: secrets.secretAccessKey,
      AWS_SESSION_TOKEN: secrets.sessionToken,
    }),
  ),
  {
    args: () => [
      "verify",
      "--uri",
      `http://user:${secrets.authorization.replace(/[^\w]/g, "x")}@10.0.0.1/${secrets.id}`,
    ],
    code: 253,
    says: /^fetch-creds: --uri holds user info/,
  },
  {
    args: () => ["verify", "--uri", `${secrets.id}/without-slash`],
    code: 253,
    says: /^fetch-creds: --uri is neither a path/,
  },
  {
    args: () => ["verify", "--credentials-file", folder.at("torn.json")],
    code: 253,
    says: /torn\.json cannot be used: it looks like JSON but cannot be parsed$/,
  },
  {
    args: () => ["verify", "--credentials-file", folder.at("lines")],
    code: 0,
    says: /^Role +unknown: this source does not report it/,
    stars: true,
  },
  {
    ...good(
      () => ["verify", `/${secrets.id}/good`],
      252,
      /^fetch-creds: verify does not take '\/\*\*\*\/good'$/,
    ),
    stars: true,
  },
];

/** The first line for a person: of standard output, else of what is no step of `--debug`. */
function firstLine(stdout: string, stderr: string): string {
  const told = stderr.split("\n").filter((line) => !line.startsWith("fetch-creds: debug: "));
  return [...stdout.split("\n"), ...told].find((line) => line !== "") ?? "";
}

describe.concurrent("no secret stands in any output", () => {
  // Once, since the cases run side by side: written by each, one would find a file that another had just emptied.
  beforeAll(() => {
    writeFileSync(folder.at("torn.json"), JSON.stringify({ ...secrets, AccessKeyId: "x" }).slice(0, -3));
    writeFileSync(
      folder.at("lines"),
      // Quoted: a quote that the key begins with would be taken for the shell's.
      `AWS_ACCESS_KEY_ID=x\nAWS_SECRET_ACCESS_KEY='${secrets.secretAccessKey.replaceAll("'", "'\\''")}'\nnonsense ${secrets.sessionToken}\n`,
    );
  });

  it.each(CASES)("exits with $code and says $says, and none of the secrets", async (each) => {
    const { args, env = () => ({}), code, says, stars = false } = each;
    const given = args();
    // Every one with --debug, which says the most; before `--`, where it is read.
    const result = await runBuilt([given[0] as string, "--debug", ...given.slice(1)], {
      env: env(),
    });
    const { stdout, stderr } = result;
    const said = `${stdout}\n${stderr}`;
    expect({ code: result.code, first: firstLine(stdout, stderr), stars: said.includes("***") }).toEqual({
      code,
      first: expect.stringMatching(says),
      stars,
    });
    for (const [name, secret] of Object.entries(secrets))
      for (const form of formsOf(secret))
        expect(
          said.includes(form),
          `${name} of ${JSON.stringify(secrets)} in the output of ${given}:\n${said}`,
        ).toBe(false);
    expect(stderr, "a stack trace").not.toMatch(/^\s*at .*:\d+:\d+/m);
    expect(stderr).not.toContain("internal error");
  });
});

describe.concurrent("an id in the path of the endpoint, whatever it looks like", () => {
  it.each([
    "/creds/MYSECRETIDabc",
    "/secretid123",
    "/secretid123/",
    "/v2/credentials/abcdefghijklmnopqrstuvwxyz",
    "/creds/0123456789",
    "/get/s3cr3t-T0ken_value",
    `/${"a".repeat(8000)}`,
  ])("%.60s is not shown, not even where the endpoint repeats it", async (path) => {
    let asked = 0;
    const refusing = await startCredentialEndpoint({
      instead: (request) => {
        asked++;
        return { status: 403, headers: { "content-type": "text/plain" }, body: `no ${request.path} here` };
      },
    });
    const id = path.split("/").filter(Boolean).at(-1) ?? "";
    for (const args of [["verify"], ["verify", "--debug"], ["doctor"]]) {
      const { stdout, stderr } = await runBuilt(args, { env: { [FULL_URI]: `${refusing.url}${path}` } });
      const said = stdout + stderr;
      expect(said).toContain(`${refusing.url}/`);
      expect(said).not.toContain(id.slice(0, 8));
      expect(said.length).toBeLessThan(6000);
    }
    await refusing.close();
    expect(asked).toBe(3);
  });

  it.each([
    ["/…", (long: string) => `http://127.0.0.1:1/${long}`],
    ["…", (long: string) => long],
    ["/…, with a line break", (long: string) => `/${long}\n`],
    ["http:…", (long: string) => `http:${long}`],
    ["http://host/…", (long: string) => `http://192.0.2.1/${long}`],
  ])("%s is not shown at length", async (_what, uri) => {
    const { code, stderr } = await runBuilt(["verify", "--uri", uri("a".repeat(100_000))], { env: {} });
    expect(code).not.toBe(0);
    expect(stderr.length).toBeLessThan(2000);
    expect(stderr).not.toContain("a".repeat(12));
  });
});
