import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findSource, isNamed, type SourceSearch } from "../../../src/credentials/find-source.js";
import { testContext } from "../../support/test-context.js";

const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const KEYS = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "S" };
const LINES = "AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\n";

interface World {
  readonly env?: Record<string, string>;
  readonly secrets?: Record<string, string>;
  readonly search?: Partial<SourceSearch>;
  readonly home?: string;
}

function find({ env = {}, secrets = {}, search = {}, home }: World) {
  const folder = mkdtempSync(join(tmpdir(), "source-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(folder, name), text);
  if (home !== undefined) {
    mkdirSync(join(folder, ".aws"));
    writeFileSync(join(folder, ".aws/credentials"), home);
  }
  const context = testContext({ HOME: folder, ...env }, { secretsFolder: folder });
  return findSource({ purpose: "role", sts, ...search }, context);
}

const nameOf = async (world: World) => {
  const description = (await find(world))?.description;
  return description && `${description.place} ${description.name}`;
};
const fetchOf = async (world: World) => (await find(world))?.fetch();
const refreshOf = async (world: World) => (await find(world))?.refreshVariables;
/** Nobody assumes a role here. */
const sts = () => Promise.reject(new Error("asked"));
const s3 = { purpose: "s3" } as const;

describe("the first source found", () => {
  it.each<[string | undefined, World]>([
    ["option --uri", { search: { uri: "/x" }, env: { [RELATIVE]: "/y" } }],
    ["option --uri", { search: { uri: "/x", ...s3 }, env: KEYS }],
    [`environment ${RELATIVE}`, { env: { [RELATIVE]: "/y", [FULL]: "http://127.0.0.1/" } }],
    [`environment ${FULL}`, { env: { [RELATIVE]: "", [FULL]: "http://127.0.0.1/" } }],
    [`environment ${RELATIVE}`, { env: { [RELATIVE]: "/y", ...KEYS } }],
    ["environment AWS_ACCESS_KEY_ID", { env: { [RELATIVE]: "/y", ...KEYS }, search: s3 }],
    [`environment ${FULL}`, { env: { [FULL]: "http://127.0.0.1/" }, secrets: { [RELATIVE]: "/x" } }],
    [`secret ${RELATIVE}`, { secrets: { [RELATIVE]: "/x\n", [FULL]: "http://127.0.0.1/" } }],
    [`secret ${FULL}`, { secrets: { [RELATIVE]: "\r\n", [FULL]: "http://127.0.0.1/" } }],
    [`secret ${RELATIVE}`, { secrets: { [RELATIVE]: "/x", "aws-credentials": LINES } }],
    ["secret aws-credentials", { secrets: { "aws-credentials": LINES } }],
    [
      "file ~/.aws/credentials, profile default",
      { home: "[default]\naws_access_key_id=A\naws_secret_access_key=S", search: s3 },
    ],
    ["secret aws-credentials", { home: "[default]\n", secrets: { "aws-credentials": LINES }, search: s3 }],
    [undefined, { home: "[default]\naws_access_key_id=A\naws_secret_access_key=S" }],
    [undefined, { home: "[other]\n", search: s3 }],
    [undefined, { env: KEYS }],
    [undefined, { env: { AWS_SHARED_CREDENTIALS_FILE: "/dev/null/x" }, search: s3 }],
    // How one tells an SDK that there is no such file.
    [undefined, { env: { AWS_SHARED_CREDENTIALS_FILE: "/dev/null" }, search: s3 }],
    [undefined, {}],
    // No keys, no role on top of them.
    [undefined, { search: { role: { roleArn: "x", from: "--role-arn" } } }],
  ])("is %s (%#)", async (name, world) => expect(await nameOf(world)).toBe(name));

  it("does not wait for a fifo in the place of ~/.aws/credentials", async () => {
    const folder = mkdtempSync(join(tmpdir(), "source-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    execFileSync("mkfifo", [join(folder, "fifo")]);
    const env = { AWS_SHARED_CREDENTIALS_FILE: join(folder, "fifo") };
    expect(await find({ env, search: s3 })).toBeUndefined();
  });

  it.each<[string, World]>([
    ["uri-empty", { search: { uri: "" }, env: { [RELATIVE]: "/y" } }],
    ["uri-no-slash", { env: { [RELATIVE]: "y", [FULL]: "http://127.0.0.1/" } }],
    ["uri-host", { env: { [FULL]: "http://8.8.8.8/" }, secrets: { [RELATIVE]: "/x" } }],
    ["environment-keys", { env: { AWS_ACCESS_KEY_ID: "A", [RELATIVE]: "/y" }, search: s3 }],
  ])("is final: %s", async (id, world) => {
    await expect(find(world)).rejects.toThrow(expect.objectContaining({ id, exitCode: 253 }));
  });

  it("is final when its secret cannot be read", async () => {
    const folder = mkdtempSync(join(tmpdir(), "source-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, RELATIVE));
    const context = testContext({}, { secretsFolder: folder });
    await expect(findSource({ purpose: "role", sts }, context)).rejects.toThrow(
      expect.objectContaining({ id: "secret-unreadable", exitCode: 253 }),
    );
  });

  it("passes over a secrets folder that is closed to us", async () => {
    const folder = mkdtempSync(join(tmpdir(), "source-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    chmodSync(folder, 0o700);
    expect(
      await findSource({ purpose: "role", sts }, testContext({}, { secretsFolder: `${folder}/none` })),
    ).toBeUndefined();
  });

  it("fails when its credentials file is missing, and when it has expired", async () => {
    await expect(fetchOf({ search: { credentialsFile: "/proc/nowhere" } })).rejects.toMatchObject({
      id: "credentials-file-unreadable",
    });
    const secrets = { "aws-credentials": `${LINES}AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z\n` };
    await expect(fetchOf({ secrets })).rejects.toMatchObject({
      id: "credentials-file-expired",
      exitCode: 253,
    });
  });

  it("lets an SDK refresh by itself", async () => {
    expect(await refreshOf({ secrets: { [RELATIVE]: "/x" } })).toStrictEqual({ [RELATIVE]: "/x" });
    const env = { [FULL]: "http://127.0.0.1/", AWS_CONTAINER_AUTHORIZATION_TOKEN: "t" };
    expect(await refreshOf({ env })).toStrictEqual(env);
    const file = { [FULL]: "http://127.0.0.1/", AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/f" };
    expect(await refreshOf({ env: file })).toStrictEqual(file);
    expect(await refreshOf({ secrets: { "aws-credentials": LINES } })).toBeUndefined();
  });

  it("takes a profile", async () => {
    const home = "[default]\n[p]\naws_access_key_id=P\naws_secret_access_key=S\n";
    for (const world of [{ search: { ...s3, profile: "p" } }, { search: s3, env: { AWS_PROFILE: "p" } }])
      expect((await fetchOf({ home, ...world }))?.credentials.accessKeyId).toBe("P");
    await expect(fetchOf({ home, search: { ...s3, profile: "q" } })).rejects.toMatchObject({
      id: "profile-missing",
    });
  });
});

it.each<[boolean, Partial<SourceSearch>]>([
  [true, { uri: "/x" }],
  [true, { uri: "" }],
  [true, { credentialsFile: "" }],
  [true, { profile: "x" }],
  [true, { webIdentity: true }],
  [true, { instanceRole: true }],
  [false, {}],
  [false, { profile: "", webIdentity: false, instanceRole: false }],
  [false, { role: { roleArn: "x", from: "--role-arn" }, timeoutMs: 1, ifAvailable: true }],
])("a source is named: %s, by %j", (expected, search) => {
  expect(isNamed({ sts, ...search })).toBe(expected);
});
