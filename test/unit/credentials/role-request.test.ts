import { describe, expect, it } from "vitest";
import { roleRequestOf } from "../../../src/credentials/role-request.js";
import { Failure } from "../../../src/failure.js";
import { profilesOfText } from "../../../src/profiles/profiles.js";

const ARN = "arn:aws:iam::123456789012:role/deploy";

const requestOf = (lines: string, arn = ARN) =>
  roleRequestOf(
    profilesOfText(`[x]\n${lines}\n`, "~/.aws/config").get("x")!,
    arn,
    "~/.aws/config, profile x",
  );

describe("what a profile says of its role", () => {
  it("is what STS is asked with", () => {
    expect(requestOf("external_id = a b # c\nrole_session_name = mine\nduration_seconds = 900")).toEqual({
      roleArn: ARN,
      sessionName: "mine",
      externalId: "a b # c",
      durationSeconds: 900,
      from: "~/.aws/config, profile x",
    });
    expect(requestOf("region = a-b-1")).toMatchObject({ externalId: undefined, durationSeconds: undefined });
  });

  it("a session's name of two lines is refused, for the second may be a secret", () => {
    expect(() => requestOf("role_session_name = me\n  aws_secret_access_key = wrongly-indented")).toThrow(
      expect.objectContaining({
        id: "setting-lines",
        exitCode: 253,
        message:
          "role_session_name in ~/.aws/config, profile x holds a line break: is the line below it indented?",
      }),
    );
  });

  it("may be as short as STS takes it", () => {
    expect(requestOf("external_id = xy", "arn:aws:iam::1:role/")).toMatchObject({
      roleArn: "arn:aws:iam::1:role/",
      externalId: "xy",
    });
  });

  it.each([
    ["1_800", 1800],
    ["+1800", 1800],
    [" 1800 ", 1800],
    ["100000", 100_000],
    ["1800.5", undefined],
    ["1h", undefined],
    ["1__8", undefined],
    ["_1800", undefined],
    ["", undefined],
  ])("duration_seconds = %j is %j", (text, seconds) => {
    expect(requestOf(`duration_seconds = ${text}`).durationSeconds).toBe(seconds);
  });

  it.each([
    ["duration_seconds = 899", ARN, /duration_seconds = 899 is less than 900/],
    ["duration_seconds = 0", ARN, /duration_seconds = 0 /],
    ["duration_seconds = -5", ARN, /duration_seconds = -5 /],
    ["external_id =", ARN, /external_id has fewer than 2 characters/],
    ["external_id = x", ARN, /external_id has fewer/],
    ["region = a-b-1", "deploy", /role_arn has fewer than 20 characters/],
    ["region = a-b-1", "arn:aws:iam::1:role", /role_arn has fewer than 20 characters/],
  ])("%s for %s is not sent", (lines, arn, message) => {
    let thrown: unknown;
    try {
      requestOf(lines, arn);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown).toMatchObject({
      id: "profile-role",
      exitCode: 253,
      message: expect.stringMatching(message),
    });
  });
});
