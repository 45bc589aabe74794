import { describe, expect, it } from "vitest";
import { Invocation } from "../../../../src/cli/invocation.js";
import { roleOption } from "../../../../src/commands/options/role-options.js";

const ROLE = "arn:aws:iam::210987654321:role/team/deploy";

function given(options: Readonly<Record<string, string>>) {
  const all = Object.entries(options).map(([name, value]) => ({ name, value }));
  return roleOption(new Invocation("verify", all, []));
}

describe("--role-arn", () => {
  it("is a role with what belongs to it", () => {
    expect(given({})).toBeUndefined();
    expect(given({ "role-arn": ROLE })).toEqual({ roleArn: ROLE, from: "--role-arn" });
    expect(
      given({
        "role-arn": ROLE,
        "role-session-name": "my build",
        "external-id": "a/b:c,d=e+f@g.h-i_1",
        duration: "1h30m",
      }),
    ).toEqual({
      roleArn: ROLE,
      sessionName: "my build",
      externalId: "a/b:c,d=e+f@g.h-i_1",
      durationSeconds: 5400,
      from: "--role-arn",
    });
  });

  it.each([
    ROLE,
    "arn:aws-cn:iam::210987654321:role/x",
    "arn:aws-us-gov:iam::210987654321:role/a/b/c",
    "arn:aws:iam:::role/of-ceph",
    "arn:aws:iam::RGW11111111111111111:role/x",
  ])("takes %s", (roleArn) => {
    expect(given({ "role-arn": roleArn })).toMatchObject({ roleArn });
  });

  it.each([
    "",
    "deploy",
    "arn:aws:sts::210987654321:assumed-role/deploy/s",
    "arn:aws:iam::210987654321:user/x",
    "arn:aws:iam::210987654321:role/",
    `${ROLE}\n`,
    ` ${ROLE}`,
    "$ROLE",
    "arn:aws:iam::12345678901:role/x",
    "arn:aws:iam::1234-5678-9012:role/x",
    "arn:aws:iam::ACCOUNT:role/x",
    "arn:aws:iam::ACCOUNT_ID:role/x",
    "arn:aws:iam::AWS_ACCOUNT_ID:role/x",
  ])("does not take %j", (roleArn) => {
    expect(() => given({ "role-arn": roleArn })).toThrow(
      expect.objectContaining({ id: "bad-role-arn", exitCode: 252 }),
    );
  });

  it.each(["", "  "])("says of %j that it is empty", (roleArn) => {
    expect(() => given({ "role-arn": roleArn })).toThrow(
      expect.objectContaining({ id: "bad-role-arn", message: "--role-arn was given an empty value" }),
    );
  });

  it.each([
    ["role-session-name", "x"],
    ["external-id", "abc"],
    ["duration", "1h"],
  ])("--%s means nothing without it", (name, value) => {
    expect(() => given({ [name]: value })).toThrow(
      expect.objectContaining({ id: "option-needs", exitCode: 252 }),
    );
  });

  it.each([
    ["15m", 900],
    ["900", 900],
    ["12h", 43_200],
    ["1h0.5s", 3600],
  ])("--duration %s is %i seconds", (duration, durationSeconds) => {
    expect(given({ "role-arn": ROLE, duration })).toMatchObject({ durationSeconds });
  });

  it.each([
    ["duration", "14m59s", "bad-duration"],
    ["duration", "12h1s", "bad-duration"],
    ["duration", "long", "bad-duration"],
    ["duration", "", "bad-duration"],
    ["duration", "-1h", "bad-duration"],
    ["role-session-name", "", "bad-session-name"],
    ["role-session-name", "a", "bad-session-name"],
    ["external-id", "", "bad-external-id"],
    ["external-id", "a", "bad-external-id"],
    ["external-id", "has blanks", "bad-external-id"],
    ["external-id", "line\n", "bad-external-id"],
    ["external-id", "naïve", "bad-external-id"],
    ["external-id", "x".repeat(1225), "bad-external-id"],
  ])("--%s %j is wrong", (name, value, id) => {
    expect(() => given({ "role-arn": ROLE, [name]: value })).toThrow(
      expect.objectContaining({ id, exitCode: 252 }),
    );
  });

  it.each(["ab", "x".repeat(1224)])("--external-id %s is right", (externalId) => {
    expect(given({ "role-arn": ROLE, "external-id": externalId })).toMatchObject({ externalId });
  });
});
