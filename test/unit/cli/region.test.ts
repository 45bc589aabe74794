import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { isRegion } from "../../../src/aws/region.js";
import { checkedRegion, regionOf } from "../../../src/cli/checked-region.js";
import { findRegion, mayHaveProfiles } from "../../../src/cli/region.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { testContext } from "../../support/test-context.js";

describe("isRegion", () => {
  it.each(["eu-west-1", "us-gov-east-1", "default", "a", "EU-WEST-1", "garage1", "x".repeat(63)])(
    "takes %j",
    (text) => expect(isRegion(text)).toBe(true),
  );

  it.each([
    "",
    "123",
    "-a",
    "a-",
    "eu-west-1 ",
    " eu-west-1",
    "eu-west-1\n",
    "eu-west-1\r\n",
    "a.b",
    "a/b",
    "x@attacker.example:8443#",
    "x#",
    "x?",
    "é",
    "a_b",
    "a\0",
    // In no URL's host.
    "xn--a",
    "XN--a",
    "x".repeat(64),
  ])("refuses %j", (text) => expect(isRegion(text)).toBe(false));
});

describe("checkedRegion", () => {
  it("names what gave it, and shows it escaped and cut", () => {
    const make = (value: string) => () => checkedRegion(value, "--region");
    expect(make("x\r\n")).toThrow("the region 'x\\r\\n' of --region is not a valid region");
    expect(make("é".repeat(500))).toThrow(`'${"é".repeat(200)}…'`);
    expect(make("")).toThrow(expect.objectContaining({ id: "bad-region", exitCode: 252 }));
    expect(checkedRegion("eu-west-1", "--region")).toBe("eu-west-1");
  });
});

describe("regionOf", () => {
  it("takes AWS_REGION before AWS_DEFAULT_REGION, and an empty one as unset", async () => {
    expect(await regionOf(testContext({ AWS_REGION: "a", AWS_DEFAULT_REGION: "b" }), {})).toBe("a");
    expect(await regionOf(testContext({ AWS_REGION: "", AWS_DEFAULT_REGION: "b" }), {})).toBe("b");
    expect(await regionOf(testContext({ HOME: "/nonexistent" }), {})).toBeUndefined();
  });

  it.each(["AWS_REGION", "AWS_DEFAULT_REGION"])("refuses what %s cannot mean", (name) =>
    expect(regionOf(testContext({ [name]: "eu-west-1 " }), {})).rejects.toThrow(
      `of ${name} is not a valid region`,
    ),
  );
});

describe("a region that the environment does not name", () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  const secrets = folder.at("secrets");
  mkdirSync(secrets);
  mkdirSync(folder.at(".aws"));
  writeFileSync(
    folder.at(".aws", "config"),
    "[default]\nregion = us-west-1\n[profile work]\nregion=us-west-2\n[profile none]\noutput = json\n",
  );
  const found = (env: Record<string, string>, profile?: string) =>
    findRegion(testContext({ HOME: "/nonexistent", ...env }, { secretsFolder: secrets }), { profile });

  it("stands in a secret: AWS_REGION, then AWS_DEFAULT_REGION", async () => {
    expect(await found({})).toBeUndefined();
    writeFileSync(folder.at("secrets", "AWS_DEFAULT_REGION"), "eu-west-2\n");
    expect(await found({})).toEqual({ value: "eu-west-2", from: "secret AWS_DEFAULT_REGION" });
    writeFileSync(folder.at("secrets", "AWS_REGION"), "eu-west-1");
    expect(await found({ HOME: folder.path })).toEqual({ value: "eu-west-1", from: "secret AWS_REGION" });
    expect(await found({ AWS_REGION: "", AWS_DEFAULT_REGION: "b" })).toMatchObject({
      from: "AWS_DEFAULT_REGION",
    });
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) rmSync(folder.at("secrets", name));
  });

  it.each([
    [{}, undefined, "us-west-1", "~/.aws/config, profile default"],
    [{}, "work", "us-west-2", "~/.aws/config, profile work"],
    [{ AWS_PROFILE: "work" }, undefined, "us-west-2", "~/.aws/config, profile work"],
    [{ AWS_DEFAULT_PROFILE: "work" }, undefined, "us-west-2", "~/.aws/config, profile work"],
    [{ AWS_PROFILE: "none" }, undefined, undefined, undefined],
  ])("stands in the profile in force: %j, --profile %s", async (env, profile, value, from) => {
    expect(await found({ HOME: folder.path, ...env }, profile)).toEqual(value && { value, from });
  });

  it("stands in the file that AWS_CONFIG_FILE names", async () => {
    const env = { AWS_CONFIG_FILE: folder.at(".aws", "config") };
    expect(await found(env)).toEqual({ value: "us-west-1", from: "AWS_CONFIG_FILE, profile default" });
    expect(await found({ AWS_CONFIG_FILE: folder.path })).toBeUndefined();
  });
});

describe("mayHaveProfiles", () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  mkdirSync(folder.at("home", ".aws"), { recursive: true });
  mkdirSync(folder.at("secrets"));
  writeFileSync(folder.at("secrets", "aws-credentials"), "");

  it.each<[Record<string, string>, string, boolean]>([
    [{ HOME: folder.at("home") }, "none", true],
    [{ HOME: folder.at("none") }, "none", false],
    [{ HOME: folder.at("none") }, "secrets", true],
    // The home folder in /etc/passwd, where this user is not.
    [{}, "none", false],
    [{}, "secrets", true],
    [{ HOME: folder.at("none"), AWS_CONFIG_FILE: "/x" }, "none", true],
    [{ HOME: folder.at("none"), AWS_SHARED_CREDENTIALS_FILE: "/x" }, "none", true],
    [{ HOME: folder.at("none"), AWS_CONFIG_FILE: "" }, "none", false],
  ])("%j, secrets in %s: %s", (env, secrets, expected) => {
    const context = { env, secretsFolder: folder.at(secrets), uid: 4_000_000_000 };
    expect(mayHaveProfiles(context)).toBe(expected);
  });

  it("looks in the home folder of /etc/passwd where HOME is not set", () => {
    const root = userInfo({ encoding: "utf8" });
    const context = { env: {}, secretsFolder: folder.at("none"), uid: root.uid };
    expect(mayHaveProfiles(context)).toBe(existsSync(`${root.homedir}/.aws`));
  });
});
