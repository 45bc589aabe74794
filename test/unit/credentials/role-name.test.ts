import { describe, expect, it } from "vitest";
import { accountOf, isSameRole } from "../../../src/credentials/role-name.js";

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
    ["", IAM],
    ["*", "no arn"],
  ])("%s is not %s", (expected, found) => expect(isSameRole(expected, found)).toBe(false));

  it("tells its account", () => {
    expect(accountOf(IAM)).toBe("123456789012");
    expect(accountOf("x")).toBeUndefined();
    expect(accountOf(undefined)).toBeUndefined();
  });
});
