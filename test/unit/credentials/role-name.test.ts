import { describe, expect, it } from "vitest";
import type { Caller } from "../../../src/credentials/credentials.js";
import { accountOf, splitArn } from "../../../src/credentials/role-name.js";
import { differs, isSameRole } from "../../../src/credentials/same-role.js";
import { cpuTime } from "../../support/time-growth.js";

const IAM = "arn:aws:iam::123456789012:role/service-role/build";
const STS = "arn:aws:sts::123456789012:assumed-role/build/session";

describe("a role", () => {
  it.each([
    [IAM, IAM],
    [STS, STS],
    [IAM, STS],
    [STS, IAM],
    ["arn:aws:sts::123456789012:assumed-role/build", STS],
    ["arn:aws:sts::123456789012:assumed-role/build", IAM],
    ["arn:aws:iam::123456789012:role/build", STS],
    ["build", IAM],
    ["build", STS],
    ["service-role/build", IAM],
    ["b*d", IAM],
    ["bui??", STS],
    ["arn:aws:iam::*:role/service-role/b*", IAM],
    ["arn:aws:iam::123456789012:role/*", STS],
    ["arn:*:role/*", IAM],
    ["*", IAM],
    // Where only STS tells the role, no path is compared.
    ["service-role/build", STS],
    ["/service-role/build", STS],
    ["arn:aws:iam::123456789012:role/service-role/build", STS],
    ["arn:aws:iam::*:role/service-role/b*", STS],
    ["*/build", STS],
    ["arn:*:role/b*", STS],
    ["arn:*:role/service-role/build", STS],
    ["service-role/*", STS],
    // A session is compared only where a whole ARN with one is expected.
    ["arn:aws:sts::123456789012:assumed-role/build/*", STS],
    ["arn:aws:sts::123456789012:assumed-role/build/sess*", STS],
    ["arn:aws:sts::123456789012:assumed-role/b*", STS],
    ["arn:aws-cn:iam::123456789012:role/build", "arn:aws-cn:sts::123456789012:assumed-role/build/x"],
    ["arn:aws-us-gov:iam::*:role/build", "arn:aws-us-gov:iam::123456789012:role/build"],
    ["build", "arn:aws:iam::123456789012:role/a/b/build"],
    ["r", "arn:aws:sts::123456789012:assumed-role/r/s"],
    ["b*i*d", IAM],
    ["*abc", "arn:aws:iam::123456789012:role/ababc"],
  ])("%s is %s", (expected, found) => expect(isSameRole(expected, found)).toBe(true));

  it.each([
    ["other", IAM],
    ["buil", IAM],
    ["Build", IAM],
    ["session", STS],
    ["bui?", IAM],
    ["arn:aws:iam::999999999999:role/service-role/build", IAM],
    ["arn:aws:iam::999999999999:role/build", STS],
    ["arn:aws:iam::123456789012:role/build", IAM],
    ["arn:aws:iam::123456789012:role/other/build", IAM],
    ["arn:aws-cn:iam::123456789012:role/build", STS],
    ["arn:aws:sts::123456789012:assumed-role/build/other", STS],
    ["b.ild", IAM],
    ["other/build2", STS],
    ["build/session", STS],
    ["*session", STS],
    ["*-deploy", "arn:aws:sts::123456789012:assumed-role/evil/x-deploy"],
    ["evil/x-deploy", "arn:aws:sts::123456789012:assumed-role/evil/x-deploy"],
    ["arn:*:role/other", STS],
    ["arn:*:999999999999:role/build", STS],
    ["arn:*-deploy", "arn:aws:sts::123456789012:assumed-role/evil/x-deploy"],
    ["arn:aws:sts::*:assumed-role/*-deploy", "arn:aws:sts::123456789012:assumed-role/evil/x-deploy"],
    ["arn:aws:iam::*:role/*-deploy", "arn:aws:sts::123456789012:assumed-role/evil/x-deploy"],
    ["arn:aws:sts::123456789012:assumed-role/*/x-deploy", "arn:aws:sts::123456789012:assumed-role/evil/y"],
    ["arn:aws:iam::*:role/build", "arn:aws:iam::123456789012:role/a:role/build/evil"],
    ["arn:aws:sts::123456789012:assumed-role/build/Xession", STS],
    ["arn:*:role/other/build", "arn:aws:iam::123456789012:role/build"],
    [`arn:x:${IAM}`, IAM],
    [`${IAM}\n`, IAM],
    // What a star stands for comes after what stands before it.
    ["aa*ab", "arn:aws:iam::123456789012:role/aab"],
    ["*abc", "arn:aws:iam::123456789012:role/abxc"],
    ["", IAM],
    ["*", "no arn"],
    ["build", "arn:aws:iam::123456789012:role/x:role/build"],
    ["build", "arn:aws:iam:::role/build"],
    ["*", "arn:aws:iam::12345678901:role/build"],
    ["*", "arn:aws:iam::12345678901a:role/build"],
    ["arn:aws:iam::123456789012:assumed-role/build/session", STS],
    ["arn:aws:sts::123456789012:role/build", STS],
    ["arn:aws:iam::123456789012:role/", IAM],
    ["b??????", IAM],
    ["build", "arn:aws:sts::123456789012:assumed-role/build"],
    ["build", "arn:aws:sts::123456789012:assumed-role/build/"],
    ["build", "arn:aws:sts::123456789012:assumed-role/build/a/b"],
    ["build", "arn:aws:sts::123456789012:assumed-role/build/a:b"],
    ["*", "arn:aws:iam::123456789012:role/build/"],
    ["*", "arn:aws:iam::123456789012:role/"],
    ["*", "arn:aws:iam::123456789012:role/bu!ld"],
    ["*", `arn:aws:iam::123456789012:role/${"a".repeat(65)}`],
    ["*", `arn:aws:sts::123456789012:assumed-role/${"a".repeat(65)}/s`],
    ["*", `arn:aws:sts::123456789012:assumed-role/build/${"a".repeat(65)}`],
    ["*", "arn:aws:sts::x:assumed-role/arn:aws:iam::123456789012:role/build"],
    ["*", "arn:aws:iam::123456789012:assumed-role/build/x"],
    ["*", "arn:aws:sts::123456789012:role/build"],
    ["*", "arn:aws:iam::123456789012:user/build"],
    ["*", "ARN:aws:iam::123456789012:role/build"],
  ])("%s is not %s", (expected, found) => expect(isSameRole(expected, found)).toBe(false));

  it("is compared in a time that grows with pattern and name, not with their ways to fit", () => {
    const name = `${"a".repeat(60)}b`;
    const arn = `arn:aws:iam::123456789012:role/${"a/".repeat(500)}${name}`;
    const pattern = `${"*a".repeat(200)}*c`;
    const spent = cpuTime(() => {
      for (let i = 0; i < 100; i++) expect(isSameRole(pattern, arn)).toBe(false);
    });
    expect(spent).toBeLessThan(5_000_000);
  });

  it("may have an ARN of 2048 characters, and no more", () => {
    const arnOf = (length: number) => `${"arn:aws:iam::123456789012:role/".padEnd(length - 2, "p")}/r`;
    expect(isSameRole("*", arnOf(2048))).toBe(true);
    expect(isSameRole("*", arnOf(2049))).toBe(false);
  });

  it.each([
    [{}, false],
    [{ roleArn: IAM, accountId: "123456789012" }, false],
    [{ roleArn: IAM }, false],
    [{ accountId: "123456789012" }, false],
    [{ roleArn: "arn:aws:iam::123456789012:role/other", accountId: "123456789012" }, true],
    [{ roleArn: IAM, accountId: "999999999999" }, true],
    [{ accountId: "999999999999" }, true],
  ])("and account that an endpoint names as %j differ from what STS says: %s", (named, expected) =>
    expect(differs(named, { arn: STS, account: "123456789012" } as Caller)).toBe(expected),
  );

  it.each([
    [IAM, "aws 123456789012 role service-role/ build undefined"],
    ["arn:aws-cn:iam::*:role/a/b/x*", "aws-cn * role a/b/ x* undefined"],
    ["arn:aws:iam::1:role/x", "aws 1 role  x undefined"],
    [STS, "aws 123456789012 assumed-role  build session"],
    ["arn:aws:sts::1:assumed-role/x", "aws 1 assumed-role  x undefined"],
    ["arn:aws:sts::1:assumed-role/x/", "aws 1 assumed-role  x "],
    ["arn:aws:sts::1:assumed-role//x", "aws 1 assumed-role   x"],
    ["arn:aws:sts::1:assumed-role/x/y/z", "aws 1 assumed-role  x y/z"],
  ])("%s has partition, account, form, path, name and session: %j", (arn, parts) => {
    const { partition, account, form, path, name, session } = splitArn(arn)!;
    expect([partition, account, form, path, name, String(session)].join(" ")).toBe(parts);
  });

  it("tells its account", () => {
    expect(accountOf(IAM)).toBe("123456789012");
    expect(accountOf("x")).toBeUndefined();
    expect(accountOf(undefined)).toBeUndefined();
  });
});
