import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filesSetAside } from "../../../src/exec/shared-files.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

function variablesFor(files: Readonly<Record<string, string>>, env: Record<string, string> = {}) {
  using folder = temporaryFolder();
  mkdirSync(folder.at(".aws"));
  for (const [name, text] of Object.entries(files)) writeFileSync(folder.at(name), text);
  const inFolder = Object.entries(env).map(([name, value]) => [name, value.replace("HOME", folder.path)]);
  return filesSetAside({ HOME: folder.path, ...Object.fromEntries(inFolder) }).variables;
}

const CREDENTIALS = { AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
const CONFIG = { AWS_CONFIG_FILE: "/dev/null" };

describe("files that would win over an endpoint are set aside", () => {
  it.each([
    ["keys", { ".aws/credentials": "[default]\naws_access_key_id = AKIA\n" }, CREDENTIALS],
    [
      "keys after a colon, indented",
      { ".aws/credentials": " [ default ] # x\n  AWS_ACCESS_KEY_ID: A" },
      CREDENTIALS,
    ],
    [
      "keys after a byte order mark",
      { ".aws/credentials": "\ufeff[default]\r\naws_access_key_id=A\r\n" },
      CREDENTIALS,
    ],
    [
      "a section in two places",
      { ".aws/credentials": "[default]\n[x]\n[default]\naws_access_key_id=A" },
      CREDENTIALS,
    ],
    ["a role", { ".aws/config": "[default]\nrole_arn = arn\n" }, CONFIG],
    ["a program", { ".aws/config": "[profile default]\ncredential_process = x\n" }, CONFIG],
    ["single sign-on", { ".aws/config": "[default]\nsso_session = x\n" }, CONFIG],
    ["a login", { ".aws/config": "[default]\nlogin_session = x\n" }, CONFIG],
    ["a web identity", { ".aws/config": "[default]\nweb_identity_token_file = /x\n" }, CONFIG],
    [
      "a role, and the region goes with it",
      { ".aws/config": "[default]\nregion = eu-west-1\nrole_arn = arn\n" },
      { ...CONFIG, AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" },
    ],
    ["boto's", { ".boto": "[Credentials]\naws_access_key_id = A\n" }, { BOTO_CONFIG: "/dev/null" }],
  ])("%s", (_, files, expected) => {
    expect(variablesFor(files)).toEqual(expected);
  });

  it("wherever a variable says that they are", () => {
    const files = { mine: "[default]\naws_access_key_id = A\n" };
    expect(variablesFor(files, { AWS_SHARED_CREDENTIALS_FILE: "HOME/mine" })).toEqual(CREDENTIALS);
    expect(variablesFor(files, { AWS_CONFIG_FILE: "~/mine" })).toEqual(CONFIG);
  });

  it("and no region is put in the place of one that is there", () => {
    const files = { ".aws/config": "[default]\nregion = eu-west-1\nrole_arn = arn\n" };
    expect(variablesFor(files, { AWS_REGION: "us-east-2" })).toEqual(CONFIG);
  });

  it.each([
    ["no files", {}],
    [
      "settings that are no source",
      { ".aws/config": "[default]\nregion = x\noutput = json\ns3 =\n  max_queue_size = 1\n" },
    ],
    ["another profile's keys", { ".aws/credentials": "[work]\naws_access_key_id = A\n" }],
    ["comments", { ".aws/credentials": "[default]\n# aws_access_key_id = A\n" }],
  ])("but not for %s", (_, files) => {
    expect(variablesFor(files)).toEqual({});
  });
});
