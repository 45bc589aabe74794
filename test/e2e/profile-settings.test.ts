import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRecorder } from "../support/profiles/recorder.js";
import { homeFiles, SETTING_CASES, type SettingCase } from "../support/profiles/setting-cases.js";
import { runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";

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
  const result = await runBuilt([...args, ...(each.options ?? [])], { env, cwd: home.path });
  return { ...result, contacts: recorder.contacts };
}

describe.concurrent("the profile in force", () => {
  it.each(SETTING_CASES)("$title", async (each) => {
    const { contacts, code, stderr } = await recorded(each, ["ls", "s3://bucket"]);
    if (each.refused !== undefined) {
      const [expected, ours] = each.refused;
      expect({ code, contacts }, stderr).toEqual({ code: expected, contacts: [] });
      expect(stderr).toMatch(ours);
    } else expect(contacts[0]?.where, stderr).toBe(each.asks);
  });
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
    const [get] = contacts.filter(({ method }) => method === "GET");
    expect(get?.headers["x-amz-checksum-mode"]).toBe(asked ? "ENABLED" : undefined);
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
    ["is needed: the control", () => "", {}, 255, /certificate/],
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
    const result = await runBuilt(["ls", "s3://bucket"], {
      env: { HOME: home.path, AWS_REGION: "us-east-1", ...Object.fromEntries(keys), ...env },
    });
    expect(result.stderr).toMatch(words);
    expect(result.code).toBe(expected);
  });
});
