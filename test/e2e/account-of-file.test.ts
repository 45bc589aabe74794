import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const KEYS = { Version: 1, AccessKeyId: "AKIAEXAMPLEEXAMPLE12", SecretAccessKey: "secret" };

describe("--expect-account holds against the account that a file names, and nobody is asked", () => {
  it.each([
    ["json", JSON.stringify({ ...KEYS, AccountId: "123456789012" })],
    ["env", "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\nAWS_SECRET_ACCESS_KEY=s\nAWS_ACCOUNT_ID=123456789012\n"],
    [
      "ini",
      "[default]\naws_access_key_id = AKIAEXAMPLEEXAMPLE12\naws_secret_access_key = s\naws_account_id = 123456789012\n",
    ],
  ])("%s", async (name, text) => {
    writeFileSync(folder.at(name), text);
    const verify = (account: string) =>
      runBuilt([
        ...["verify", "--credentials-file", folder.at(name), "--expect-account", account, "--json"],
        ...["--endpoint-url-sts", "http://127.0.0.1:1"],
      ]);
    const right = await verify("123456789012");
    expect({ code: right.code, stderr: right.stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(right.stdout)).toMatchObject({ accountId: "123456789012", caller: null });
    expect((await verify("210987654321")).code).toBe(1);
  });
});

describe("--ca-bundle", () => {
  it("that holds a certificate's first line alone is said to hold none", async () => {
    writeFileSync(
      folder.at("ca.pem"),
      "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n",
    );
    writeFileSync(folder.at("keys"), JSON.stringify(KEYS));
    const { code, stderr } = await runBuilt([
      ...["ls", "s3://b", "--region", "us-east-1", "--endpoint-url", "https://127.0.0.1:1"],
      ...["--credentials-file", folder.at("keys"), "--ca-bundle", folder.at("ca.pem")],
    ]);
    expect(code).toBe(252);
    expect(stderr).toMatch(/^fetch-creds: The CA bundle .* cannot be read: no certificate in it\n {2}.*\n$/);
  });
});
