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

/** Every way in which a secret could stand in an output. */
function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]).toString("base64");
    return whole.slice(4, -4);
  });
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
    // A line cut short must not show the beginning of one.
    secret.slice(0, 12),
  ];
}

/** What it was given, or gave, as a careless server would send it back. */
function echo(...known: readonly string[]): string {
  return known
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
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
    sessionToken: randomText(randomInt(20, 200)),
    authorization: randomText(30),
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

const CASES: readonly [args: () => string[], env: () => Record<string, string>][] = [
  [() => ["verify"], () => asking("good")],
  [() => ["verify", "--json"], () => asking("good")],
  [() => ["verify", "--expect-role", "other"], () => asking("good")],
  [() => ["verify", "--sts", "--endpoint-url-sts", server.url], () => asking("good")],
  ...["stale", "forbidden", "moved", "coded", "dateless", "expired"].map(
    (behaviour) =>
      [() => ["verify"], () => asking(behaviour)] as [() => string[], () => Record<string, string>],
  ),
  ...["torn", "broken", "page"].map(
    (behaviour) =>
      [() => ["verify", "--timeout", "300ms"], () => asking(behaviour)] as [
        () => string[],
        () => Record<string, string>,
      ],
  ),
  [() => ["doctor"], () => asking("good")],
  [() => ["doctor", "s3://assets/x", ...S3()], () => asking("good")],
  [() => ["doctor", "--json"], () => asking("stale")],
  [() => ["export", "--output", "/no/such/folder/x"], () => asking("good")],
  [() => ["export", "--format", "ini", "--ini-section", "a]b"], () => asking("good")],
  [() => ["export", "--format", "process"], () => asking("forbidden")],
  [() => ["exec", "--", "/no/such/command"], () => asking("good")],
  [() => ["exec", "--", "true"], () => asking("good")],
  [() => ["exec", "--refreshable", "--", "true"], () => asking("good")],
  [() => ["cp", "s3://assets/x", folder.at("x"), ...S3()], () => asking("good")],
  [() => ["cp", import.meta.filename, "s3://assets/x", ...S3()], () => asking("good")],
  [() => ["sync", "s3://assets/x", folder.at("tree"), ...S3()], () => asking("good")],
  [() => ["ls", "s3://assets/x", ...S3()], () => asking("good")],
  [() => ["cache-key", "s3://assets/x", ...S3()], () => asking("good")],
  [
    () => ["ls", "s3://assets/x", ...S3()],
    () => ({
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: secrets.secretAccessKey,
      AWS_SESSION_TOKEN: secrets.sessionToken,
    }),
  ],
  [
    () => [
      "verify",
      "--uri",
      `http://user:${secrets.authorization.replace(/[^\w]/g, "x")}@10.0.0.1/${secrets.id}`,
    ],
    () => ({}),
  ],
  [() => ["verify", "--uri", `${secrets.id}/without-slash`], () => ({})],
  [() => ["verify", "--credentials-file", folder.at("torn.json")], () => ({})],
  [() => ["verify", "--credentials-file", folder.at("lines")], () => ({})],
  [() => ["verify", `/${secrets.id}/good`], () => asking("good")],
];

describe.concurrent("no secret stands in any output", () => {
  it.each(CASES.map(([args, env], index) => ({ index, args, env })))("case $index", async ({ args, env }) => {
    writeFileSync(folder.at("torn.json"), JSON.stringify({ ...secrets, AccessKeyId: "x" }).slice(0, -3));
    writeFileSync(
      folder.at("lines"),
      `AWS_ACCESS_KEY_ID=x\nAWS_SECRET_ACCESS_KEY=${secrets.secretAccessKey}\nnonsense ${secrets.sessionToken}\n`,
    );
    const given = args();
    // Every one with --debug, which says the most; before `--`, where it is read.
    const { stdout, stderr } = await runBuilt([given[0] as string, "--debug", ...given.slice(1)], {
      env: env(),
    });
    const said = `${stdout}\n${stderr}`;
    for (const [name, secret] of Object.entries(secrets))
      for (const form of formsOf(secret))
        expect(said.includes(form), `${name} in the output of ${given}:\n${said}`).toBe(false);
    expect(stderr, "a stack trace").not.toMatch(/^\s*at .*:\d+:\d+/m);
    expect(stderr).not.toContain("internal error");
  });
});
