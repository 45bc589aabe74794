import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { Failure } from "../../../src/failure.js";
import { concealed } from "../../../src/output/concealed.js";
import { expandedPath } from "../../../src/profiles/expanded-path.js";
import { configFileUnreadable, profileMissing } from "../../../src/profiles/failures.js";
import { profileInForce } from "../../../src/profiles/profile-in-force.js";
import { profilesOfText, readProfiles } from "../../../src/profiles/profiles.js";
import { settingsIn } from "../../../src/profiles/settings-in-force.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

let homes = 0;
/** A home with these two files. */
function home(config?: string, credentials?: string): string {
  const path = folder.at(`home-${++homes}`);
  mkdirSync(`${path}/.aws`, { recursive: true });
  if (config !== undefined) writeFileSync(`${path}/.aws/config`, config);
  if (credentials !== undefined) writeFileSync(`${path}/.aws/credentials`, credentials);
  return path;
}
const profiles = (config?: string, credentials?: string) =>
  readProfiles({ env: { HOME: home(config, credentials) } });

describe("sso_session", () => {
  const WHOLE = "[sso-session dev]\nsso_start_url = u\nsso_region = r\n";
  it.each<[string, string, string | undefined]>([
    [WHOLE, "sso_session = dev\n", undefined],
    [WHOLE, "region = r\n", undefined],
    ["", "sso_session = dev\n", "no section [sso-session dev] is there"],
    ["", "sso_session =\n", "no section [sso-session ] is there"],
    [
      "[sso-session dev]\n",
      "sso_session = dev\n",
      "[sso-session dev] is without sso_start_url and sso_region",
    ],
    [WHOLE.replace("sso_region", "x"), "sso_session = dev\n", "[sso-session dev] is without sso_region"],
  ])("of %j, for %j", (config, profile, fault) => {
    const check = () => profiles(config, `[default]\n${profile}`).checkSsoSession("default");
    if (fault === undefined) return expect(check).not.toThrow();
    return expect(check).toThrow(
      expect.objectContaining({ id: "sso-session", exitCode: 253, message: expect.stringContaining(fault) }),
    );
  });

  it("is nothing to a profile that is not there", () =>
    expect(() => profiles().checkSsoSession("x")).not.toThrow());
});

describe("profiles", () => {
  it("are of both files, the credentials file first, setting by setting", () => {
    const both = profiles(
      "[profile a]\nregion = r\nx = config\ns3 =\n  addressing_style = path\n  b = 1\n[profile b]\n",
      "[a]\nx = credentials\ns3 =\n  b = 2\n[c]\n[profile d]\n",
    );
    expect(both.names).toEqual(["a", "b", "c", "profile d"]);
    const a = both.get("a");
    expect(a?.get("region")).toEqual({ value: "r", file: "~/.aws/config" });
    expect(a?.get("x")).toEqual({ value: "credentials", file: "~/.aws/credentials" });
    expect(a?.inConfig("x")).toEqual({ value: "config", file: "~/.aws/config" });
    expect(a?.inCredentials("region")).toBeUndefined();
    // What is nested goes together.
    expect(a?.get("s3.b")?.value).toBe("2");
    expect(a?.get("s3.addressing_style")).toBeUndefined();
    expect(a?.inConfig("s3.addressing_style")?.value).toBe("path");
    expect(both.get("d")).toBeUndefined();
  });

  it.each<[string, readonly string[]]>([
    ["[default]\n[profile a]\n[profile 'b c']\n", ["default", "a", "b c"]],
    ["[a]\n[preview]\n[sso-session s]\n[services t]\n[plugins]\n", []],
    ["[profile a b]\n[profile]\n[profile 'a]\n[ default ]\n[Default]\n", []],
    ["[profilex a]\n[profile default]\n", ["a", "default"]],
    ["[my own]\n", []],
  ])("of a config file: %j", (config, names) => expect(profiles(config).names).toEqual(names));

  it.each([
    ["[default]\nx = 1\n[profile default]\nx = 2\n", "2"],
    ["[profile default]\nx = 1\n[default]\ny = 2\n", undefined],
  ])("%j: the later of two that come to the same name stays", (config, value) =>
    expect(profiles(config).get("default")?.get("x")?.value).toBe(value),
  );

  it("may have a command in several lines, and no other setting", () => {
    const a = profiles("[profile a]\ncredential_process = /bin/x\n  --of y\nregion = a\n  b\n").get("a");
    expect(a?.get("credential_process")?.value).toBe("/bin/x\n--of y");
    expect(() => a?.get("region")).toThrow(expect.objectContaining({ id: "setting-lines", exitCode: 253 }));
  });

  it("have their secrets concealed, also where the file cannot be read", () => {
    const secrets = ["secret-of-a-profile", "token-of-a-profile", "old-token-of-a-profile"];
    const text = `[a]\naws_secret_access_key=${secrets[0]}\nAWS_SESSION_TOKEN : ${secrets[1]} \n  aws_security_token = ${secrets[2]}\nx\n`;
    expect(() => profiles(undefined, text)).toThrow(expect.objectContaining({ id: "config-file" }));
    for (const secret of secrets) expect(concealed(`x ${secret} y`)).toBe("x *** y");
  });

  it("of one text stand in either form, [a] before [profile a]", () => {
    const text =
      "[profile a]\nx = 1\ny = 2\n[a]\nx = 3\n[default]\nz = 4\n[services s]\ns3 =\n  endpoint_url = u\n";
    const found = profilesOfText(text, "/f");
    expect([...found.names].sort()).toEqual(["a", "default"]);
    expect(found.get("a")?.get("x")).toEqual({ value: "3", file: "/f" });
    expect(found.get("a")?.get("y")?.value).toBe("2");
    expect(found.get("a")?.inConfig("x")?.value).toBe("1");
    expect(found.get("default")?.inCredentials("z")?.value).toBe("4");
  });
});

it("a text's sections that no config file means anything by are profiles by their whole names", () => {
  const names = profilesOfText(
    "[profile]\n[profile b c]\n[preview]\n[my own]\n[services s]\n[sso-session t]\n",
    "/f",
  ).names;
  expect([...names].sort()).toEqual(["my own", "preview", "profile", "profile b c"]);
});

describe("a section of services", () => {
  const SERVICES =
    "[services s]\ns3 =\n  endpoint_url = http://h/\nsts =\n  endpoint_url =\n[services e]\n[services t]\ns3 = http://h/\n";
  const endpoint = (settings: string, service = "s3", credentials?: string) => {
    const found = profiles(`[default]\n${settings}\n${SERVICES}`, credentials);
    return found.serviceEndpoint(found.get("default")!, service)?.value;
  };

  it.each([
    ["services = s", "s3", "http://h/"],
    ["services = s", "sts", undefined],
    ["services = s", "iam", undefined],
    ["region = r", "s3", undefined],
    ["services = t", "sts", undefined],
  ])("with %s says of %s: %s", (settings, service, url) => expect(endpoint(settings, service)).toBe(url));

  it("may be named in the credentials file, and stands in the config file", () => {
    expect(endpoint("", "s3", "[default]\nservices = s\n")).toBe("http://h/");
    expect(() =>
      endpoint("", "s3", "[default]\nservices = x\n[services x]\ns3 =\n  endpoint_url = u\n"),
    ).toThrow();
  });

  it.each([
    ["services = x", "there is no section [services x] with settings"],
    ["services = e", "there is no section [services e] with settings"],
    ["services =", "there is no section [services ] with settings"],
    ["services = t", "s3 in [services t] of ~/.aws/config is a value, not nested settings"],
  ])("is a failure where it is looked up and says nothing: %s", (settings, words) =>
    expect(() => endpoint(settings)).toThrow(
      expect.objectContaining({
        id: "services-missing",
        exitCode: 253,
        message: expect.stringContaining(words),
      }),
    ),
  );
});

it("the settings of a profile are named with it, and those of one that does not exist are none", () => {
  const found = profiles("[profile x]\nregion = r\nservices = s\n[services s]\ns3 =\n  endpoint_url = u\n");
  const x = settingsIn("x", found);
  expect(x.get("region")).toEqual({ value: "r", from: "~/.aws/config, profile x" });
  expect(x.serviceEndpoint("s3")).toEqual({ value: "u", from: "~/.aws/config, profile x" });
  expect(x.get("output")).toBeUndefined();
  const none = settingsIn("y", found);
  expect([none.get("region"), none.serviceEndpoint("s3")]).toEqual([undefined, undefined]);
});

describe("a file of profiles", () => {
  it("that is not there, or no regular file, is empty", () => {
    for (const AWS_CONFIG_FILE of ["/dev/null", folder.path, "/dev/null/x", folder.at("none")])
      expect(readProfiles({ env: { HOME: home(), AWS_CONFIG_FILE } }).names).toEqual([]);
    expect(readProfiles({ env: {} }).names).toEqual([]);
  });

  it("is that of the home where its variable is empty", () => {
    const env = {
      HOME: home("[profile a]\n", "[b]\n"),
      AWS_CONFIG_FILE: "",
      AWS_SHARED_CREDENTIALS_FILE: "",
    };
    expect(readProfiles({ env }).names).toEqual(["a", "b"]);
  });

  it.each<[string, string | Buffer, RegExp]>([
    [
      "has a line that means nothing",
      "[a]\nwJalrXUtnFEMI\n",
      /^cannot parse ~\/\.aws\/config, line 2: expected/,
    ],
    ["is not UTF-8", Buffer.from("[a]\nb = 1\nc = \xff\n", "latin1"), /config, line 3: it is not UTF-8$/],
    [
      "is not UTF-8 in its first line",
      Buffer.from("\xff[a]\n", "latin1"),
      /config, line 1: it is not UTF-8$/,
    ],
    [
      "is not UTF-8 in a last line without an end",
      Buffer.from("[a]\n\xc3", "latin1"),
      /config, line 2: it is not/,
    ],
    ["is no longer than it may be", Buffer.alloc(16 * 1024 * 1024, "#").fill("x", 0, 1), /line 1: expected/],
    [
      "is longer than any",
      Buffer.alloc(16 * 1024 * 1024 + 1, "#"),
      /^cannot read .*config: it is larger than 16 MiB$/,
    ],
    ["is not UTF-8 below an empty line", Buffer.from("\n\xff", "latin1"), /config, line 2: it is not UTF-8$/],
    ["is UTF-16", Buffer.from("\ufeff[a]\n", "utf16le"), /config, line 1: it is not UTF-8$/],
  ])("that %s is a failure which names its line, and nothing of it", (_what, text, words) => {
    const HOME = home("");
    writeFileSync(`${HOME}/.aws/config`, text);
    const refused = expect(() => readProfiles({ env: { HOME } }));
    refused.toThrow(expect.objectContaining({ id: "config-file", exitCode: 253 }));
    refused.toThrow(expect.objectContaining({ message: expect.stringMatching(words) }));
    refused.toThrow(expect.objectContaining({ message: expect.not.stringContaining("wJalr") }));
  });

  it("that leads back to itself is none, and one of too long a name a failure", () => {
    const HOME = home();
    symlinkSync(`${HOME}/loop`, `${HOME}/loop`);
    expect(readProfiles({ env: { HOME, AWS_CONFIG_FILE: `${HOME}/loop` } }).names).toEqual([]);
    expect(() => readProfiles({ env: { HOME, AWS_CONFIG_FILE: `${HOME}${"/.n".repeat(2000)}` } })).toThrow(
      expect.objectContaining({ id: "config-file", message: expect.stringMatching(/: ENAMETOOLONG$/) }),
    );
    expect(() => readProfiles({ env: { HOME, AWS_CONFIG_FILE: `${HOME}/${"n".repeat(256)}` } })).toThrow(
      expect.objectContaining({
        id: "config-file",
        message: expect.stringMatching(
          /: it looks like the text of a file or a secret, not the path of a file$/,
        ),
      }),
    );
  });

  it("is closed, read or refused", () => {
    const path = folder.at("closed");
    const isOpen = () =>
      readdirSync("/proc/self/fd").some((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`) === path;
        } catch {
          return false;
        }
      });
    const env = { HOME: home(), AWS_CONFIG_FILE: path };
    writeFileSync(path, "[profile a]\n");
    expect(readProfiles({ env }).names).toEqual(["a"]);
    expect(isOpen()).toBe(false);
    truncateSync(path, 16 * 1024 * 1024 + 1);
    expect(() => readProfiles({ env })).toThrow();
    expect(isOpen()).toBe(false);
    const held = openSync(path, "r");
    expect(isOpen()).toBe(true);
    closeSync(held);
  });

  it("that is broken may be ignored by a variable where it is one of the AWS CLI's", () => {
    const hintOf = (read: () => unknown) => {
      try {
        read();
      } catch (error) {
        return (error as Failure).hint;
      }
      return undefined;
    };
    expect(hintOf(() => readProfiles({ env: { HOME: home("x") } }))).toMatch(/to \/dev\/null$/);
    expect(hintOf(() => profilesOfText("x", "/f"))).toBe(
      "the AWS CLI refuses such a file, too: fix the line",
    );
  });

  it("is named by its path where a variable names it", () => {
    const file = folder.at("broken");
    writeFileSync(file, "x");
    for (const variable of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
      expect(() => readProfiles({ env: { [variable]: file } })).toThrow(
        `cannot parse ${file} (${variable}), line 1`,
      );
    expect(() => profilesOfText("x", "/f")).toThrow("cannot parse /f, line 1: ");
  });
});

it.each([
  ["EACCES", "permission denied"],
  ["EIO", "EIO"],
  [undefined, "odd words"],
])("a file that cannot be read says why: %s", (code, words) => {
  const cause = Object.assign(new Error("odd words"), code && { code });
  expect(configFileUnreadable({ name: "~/.aws/config", path: "/h/.aws/config" }, cause).message).toBe(
    `cannot read ~/.aws/config: ${words}`,
  );
});

describe("a section of a config file without profile before its name", () => {
  it("is known as what could be taken for one; [default] is one", () => {
    expect(profiles("[default]\n[prod]\n[profile dev]\n").unprefixed).toEqual(["prod"]);
  });
});

it.each([
  [undefined, "there is no profile x in ~/.aws/config or ~/.aws/credentials"],
  ["AWS_PROFILE", "there is no profile x (AWS_PROFILE) in ~/.aws/config or ~/.aws/credentials"],
] as const)("a profile that is missing says who named it: %s", (namedBy, message) => {
  expect(profileMissing({ name: "x", namedBy }, { names: [] })).toMatchObject({
    message,
    hint: expect.stringMatching(/^neither file has a profile\./),
  });
});

describe("the path of a file of profiles", () => {
  const env = { HOME: "/home/me/", A: "/a", EMPTY: "" };
  it.each([
    ["~/.aws/config", "/home/me/.aws/config"],
    ["~", "/home/me"],
    ["$A/b", "/a/b"],
    ["${A}b", "/ab"],
    ["$HOME/x", "/home/me//x"],
    ["$NONE/${NONE}/$/${}/${A", "$NONE/${NONE}/$/${}/${A"],
    ["$EMPTY/b", "/b"],
    ["${constructor}", "${constructor}"],
    ["/x/~/y", "/x/~/y"],
    ["~root/x", "/root/x"],
    ["~nobody-of-that-name/x", "~nobody-of-that-name/x"],
  ])("%s is %s", (path, expanded) => expect(expandedPath(path, { env })).toBe(expanded));

  it("begins at the user's home in /etc/passwd where HOME is not set, and at / where it is empty", () => {
    expect(expandedPath("~/x", { env: {}, uid: 0 })).toBe("/root/x");
    expect(expandedPath("~/x", { env: {}, uid: 4_000_000 })).toBe("~/x");
    expect(expandedPath("~/x", { env: { HOME: "" }, uid: 0 })).toBe("/x");
    expect(expandedPath("~", { env: { HOME: "/" } })).toBe("/");
    expect(expandedPath("/x/~/y", { env: { HOME: "/h" }, uid: 0 })).toBe("/x/~/y");
  });

  it.each<[Record<string, string>, number | undefined, string]>([
    [{ USERPROFILE: "C:\\Users\\me", HOME: "/c/me" }, undefined, "C:\\Users\\me/.aws/config"],
    [{ HOMEDRIVE: "D:", HOMEPATH: "\\me", HOME: "/c/me" }, undefined, "D:\\me/.aws/config"],
    [{ HOMEPATH: "\\me" }, undefined, "\\me/.aws/config"],
    // Variables of Windows in a Linux system that it runs.
    [{ USERPROFILE: "C:\\Users\\me", HOME: "/home/me" }, 1000, "/home/me/.aws/config"],
  ])("begins at the home folder of Windows where there are no user ids: %j, %j", (env, uid, expected) =>
    expect(expandedPath("~/.aws/config", { env, uid })).toBe(expected),
  );

  it("takes a backslash behind ~ on Windows", () =>
    expect(expandedPath("~\\x", { env: { USERPROFILE: "C:\\me" } })).toBe("C:\\me\\x"));
});

describe("the profile in force", () => {
  const inForce = (env: Record<string, string>, option?: string) =>
    profileInForce((name) => env[name], option);
  it.each([
    [{}, undefined, { name: "default", namedBy: undefined }],
    [{ AWS_PROFILE: "a", AWS_DEFAULT_PROFILE: "b" }, "c", { name: "c", namedBy: "--profile" }],
    [{ AWS_PROFILE: "a", AWS_DEFAULT_PROFILE: "b" }, "", { name: "a", namedBy: "AWS_PROFILE" }],
    [{ AWS_PROFILE: "", AWS_DEFAULT_PROFILE: "b" }, undefined, { name: "b", namedBy: "AWS_DEFAULT_PROFILE" }],
    [{ AWS_PROFILE: "default" }, undefined, { name: "default", namedBy: "AWS_PROFILE" }],
  ])("of %j and --profile %s", (env, option, expected) => expect(inForce(env, option)).toEqual(expected));
});
